"""torch's own functions: custom backward passes right and wrong, in every format; modules; state kept still."""

from __future__ import annotations

from typing import Any

import pytest

torch = pytest.importorskip("torch")

import calcgrad  # noqa: E402
from calcgrad.checking.frameworks import Asked, check, subjects  # noqa: E402
from calcgrad.report.claims import CheckReport  # noqa: E402

pytestmark = [
    pytest.mark.slow,
    pytest.mark.filterwarnings("ignore:.*jit.script:DeprecationWarning"),
    # torch 2.15's own forward mode calls what it has deprecated.
    pytest.mark.filterwarnings("ignore:.*jit.script:FutureWarning"),
]
Function: Any = torch.autograd.Function
FORMATS = ("float64", "float32", "bfloat16", "float16")


class Layer(Function):
    """tanh(x @ w)."""

    @staticmethod
    def forward(ctx: Any, x: Any, w: Any) -> Any:
        y = torch.tanh(x @ w)
        ctx.save_for_backward(x, w, y)
        return y

    @staticmethod
    def backward(ctx: Any, g: Any) -> Any:
        x, w, y = ctx.saved_tensors
        d = g * (1 - y * y)
        return d @ w.T, x.T @ d


class Scaled(Layer):
    """One per cent too large in w: less than bfloat16 can tell."""

    @staticmethod
    def backward(ctx: Any, g: Any) -> Any:
        x, w = Layer.backward(ctx, g)
        return x, 1.01 * w


class InSingle(Layer):
    """A kernel that computes in single precision, whatever it is given."""

    @staticmethod
    def forward(ctx: Any, x: Any, w: Any) -> Any:
        return Layer.forward(ctx, x.float(), w.float()).to(x.dtype)

    @staticmethod
    def backward(ctx: Any, g: Any) -> Any:
        x, w = Layer.backward(ctx, g.float())
        return x.to(g.dtype), w.to(g.dtype)


class NoDoubles(InSingle):
    """A kernel that refuses doubles."""

    @staticmethod
    def forward(ctx: Any, x: Any, w: Any) -> Any:
        if x.dtype == torch.float64:
            raise RuntimeError("not implemented for 'Double'")
        return InSingle.forward(ctx, x, w)


class OnlyInHalf(Layer):
    """Right in single and in double, wrong by a factor in half."""

    @staticmethod
    def backward(ctx: Any, g: Any) -> Any:
        x, w = Layer.backward(ctx, g)
        return x, w * (4 if g.dtype in (torch.float16, torch.bfloat16) else 1)


class NothingFiner(Function):
    """tanh, for the formats of 16 bits alone."""

    @staticmethod
    def forward(ctx: Any, x: Any) -> Any:
        if x.dtype not in (torch.float16, torch.bfloat16):
            raise RuntimeError("half only")
        ctx.save_for_backward(x)
        return torch.tanh(x)

    @staticmethod
    def backward(ctx: Any, g: Any) -> Any:
        return g * (1 - torch.tanh(ctx.saved_tensors[0]) ** 2)


class HalfTooMuch(NothingFiner):
    @staticmethod
    def backward(ctx: Any, g: Any) -> Any:
        return 1.5 * NothingFiner.backward(ctx, g)


class Several(Function):
    """Two outputs with a derivative and one without, and an argument that is no tensor."""

    @staticmethod
    def forward(ctx: Any, x: Any, w: Any, eps: float = 1e-5) -> Any:
        positive = x > 0
        ctx.save_for_backward(x, w)
        ctx.mark_non_differentiable(positive)
        return x * w, x.sum(), positive

    @staticmethod
    def backward(ctx: Any, gy: Any, gs: Any, _: Any) -> Any:
        x, w = ctx.saved_tensors
        gx = gy * w + gs if ctx.needs_input_grad[0] else None
        gw = gy * x if ctx.needs_input_grad[1] else None
        return gx, gw, None


class NeedsBoth(Several):
    """Doubled where w alone needs a gradient."""

    @staticmethod
    def backward(ctx: Any, gy: Any, gs: Any, _: Any) -> Any:
        gx, gw, _ = Several.backward(ctx, gy, gs, None)
        return gx, 2 * gw if gx is None else gw, None


class OneOutput(Several):
    """Forgets the second output."""

    @staticmethod
    def backward(ctx: Any, gy: Any, gs: Any, _: Any) -> Any:
        return Several.backward(ctx, gy, 0 * gs, None)


class Cube(Function):
    @staticmethod
    def forward(ctx: Any, x: Any) -> Any:
        ctx.save_for_backward(x)
        return x**3

    @staticmethod
    def backward(ctx: Any, g: Any) -> Any:
        (x,) = ctx.saved_tensors
        return 3 * x**2 * g


class Detached(Cube):
    """Right once, wrong twice: the backward pass is cut off from x."""

    @staticmethod
    def backward(ctx: Any, g: Any) -> Any:
        (x,) = ctx.saved_tensors
        return 3 * x.detach() ** 2 * g


class Packed(Cube):
    """Reads the weights as if they lay side by side in memory."""

    @staticmethod
    def backward(ctx: Any, g: Any) -> Any:
        return Cube.backward(ctx, torch.as_strided(g, g.shape, torch.empty(g.shape).stride()))


class InPlace(Function):
    @staticmethod
    def forward(ctx: Any, x: Any) -> Any:
        ctx.mark_dirty(x)
        x.tanh_()
        ctx.save_for_backward(x)
        return x

    @staticmethod
    def backward(ctx: Any, g: Any) -> Any:
        (y,) = ctx.saved_tensors
        return g * (1 - y * y)


class Forward(Function):
    """With a forward mode of its own, in the later style."""

    @staticmethod
    def forward(x: Any) -> Any:
        return torch.sin(x)

    @staticmethod
    def setup_context(ctx: Any, inputs: Any, output: Any) -> None:
        ctx.save_for_backward(*inputs)
        ctx.save_for_forward(*inputs)

    @staticmethod
    def backward(ctx: Any, g: Any) -> Any:
        return g * ctx.saved_tensors[0].cos()

    @staticmethod
    def jvp(ctx: Any, t: Any) -> Any:
        return t * ctx.saved_tensors[0].cos()


class BadForward(Forward):
    @staticmethod
    def jvp(ctx: Any, t: Any) -> Any:
        return t * ctx.saved_tensors[0].sin()


def _drawn(*shapes: tuple[int, ...], number_format: str = "float64") -> list[Any]:
    random = torch.Generator().manual_seed(3)
    return [torch.randn(shape, generator=random).to(getattr(torch, number_format)) for shape in shapes]


def _reports(target: Any, *arguments: Any, **options: Any) -> list[CheckReport]:
    named = dict(zip(("x", "w"), arguments, strict=False))
    return [check(subject) for subject in subjects("torch", Asked(target, named, **options))]


@pytest.mark.parametrize("number_format", FORMATS)
@pytest.mark.parametrize("target", [Layer, Scaled, InSingle, NoDoubles])
def test_a_formula_is_judged_in_every_format(target: Any, number_format: str) -> None:
    if target is NoDoubles and number_format == "float64":
        pytest.skip("it refuses them")
    (report,) = _reports(target, *_drawn((3, 4), (4, 2), number_format=number_format))
    if target is not Scaled:
        assert report.verdict == "right", report
        return
    assert (report.verdict, report.wrong_count) == ("wrong", 8)
    assert {entry.argument for entry in report.wrong} == {"w"}
    assert "1.01 · true" in report.likely[0].detail


def test_what_is_said_of_a_coarse_format() -> None:
    (report,) = _reports(Layer, *_drawn((3, 4), (4, 2), number_format="bfloat16"))
    assert report.notes[0].startswith("in bfloat16 the claim is within ")
    assert report.notes[0].endswith("of what it is in double, and in double it is right")
    (report,) = _reports(NoDoubles, *_drawn((3, 4), (4, 2), number_format="bfloat16"))
    assert "of what it is in float32" in report.notes[0]


def test_what_is_wrong_in_half_alone() -> None:
    (report,) = _reports(OnlyInHalf, *_drawn((3, 4), (4, 2), number_format="float16"))
    assert report.verdict == "wrong"
    assert {entry.argument for entry in report.wrong} == {"w"}
    assert "in double the same claim is right" in report.notes[0]


@pytest.mark.parametrize("number_format", ["bfloat16", "float16"])
def test_a_kernel_that_takes_nothing_finer(number_format: str) -> None:
    (x,) = _drawn((3, 3), number_format=number_format)
    (report,) = _reports(NothingFiner, x)
    if number_format == "float16":
        assert report.verdict == "right"
        assert "steps that the format holds exactly: an error above" in report.notes[0]
    assert report.verdict != "wrong"  # two digits may be too few to say that it is right
    report = _reports(HalfTooMuch, x)[0]
    assert report.verdict == "wrong"
    for entry in report.wrong:
        assert entry.claimed == pytest.approx(1.5 * entry.true, rel=0.2)


def test_several_outputs_and_what_needs_a_gradient() -> None:
    x, w = _drawn((2, 3), (2, 3))
    (report,) = _reports(Several, x, w)
    assert (report.verdict, report.claim, report.entries) == ("right", "Several.backward", 12)
    (report,) = _reports(OneOutput, x, w)
    assert (report.verdict, {entry.argument for entry in report.wrong}) == ("wrong", {"x"})
    both, alone = _reports(NeedsBoth, x, w)
    assert both.verdict == "right"
    assert (alone.verdict, alone.claim) == ("wrong", "NeedsBoth.backward where only w needs a gradient")


def test_weights_that_are_not_contiguous() -> None:
    plain, strided = _reports(Packed, *_drawn((3, 4)))
    assert plain.verdict == "right"
    assert (strided.verdict, strided.claim) == (
        "wrong",
        "Packed.backward with weights that are not contiguous",
    )


def test_a_double_backward() -> None:
    x = _drawn((2, 3))
    assert [report.verdict for report in _reports(Detached, *x)] == ["right"]
    assert [report.verdict for report in _reports(Cube, *x, order=2)] == ["right"]
    (report,) = _reports(Detached, *x, order=2)
    assert (report.verdict, report.claim, report.wrong_count) == ("wrong", "the double backward", 6)


def test_a_function_that_writes_into_its_input() -> None:
    (report,) = _reports(InPlace, *_drawn((2, 3)))
    assert report.verdict == "right"


def test_forward_mode_by_hand() -> None:
    (report,) = _reports(Forward, *_drawn((2, 3)))
    assert (report.verdict, report.claim) == ("right", "Forward.jvp, Forward.backward")
    (report,) = _reports(BadForward, *_drawn((2, 3)))
    assert report.verdict == "wrong"
    assert "BadForward.jvp (jvp): wrong" in report.notes


class Net(torch.nn.Module):
    """A layer of ours between a norm that keeps means and a dropout that draws."""

    def __init__(self, layer: Any = Layer) -> None:
        super().__init__()
        self.norm = torch.nn.BatchNorm1d(3)
        self.encoder = torch.nn.Sequential(torch.nn.Linear(3, 4), torch.nn.Tanh())
        self.weight = torch.nn.Parameter(torch.ones(4, 2))
        self.frozen = torch.nn.Parameter(torch.ones(2), requires_grad=False)
        self.dropout = torch.nn.Dropout(0.25)
        self.layer = layer

    def forward(self, x: Any) -> Any:
        return self.dropout(self.layer.apply(self.encoder(self.norm(x)), self.weight)) * self.frozen


def test_a_module_with_its_parameters_by_name() -> None:
    torch.manual_seed(1)
    net, (x,) = Net(), _drawn((5, 3), number_format="float32")
    before = {name: value.clone() for name, value in net.state_dict().items()}
    random = torch.get_rng_state()
    (report,) = _reports(net, x)
    assert report.verdict == "right"
    assert list(report.at)[:2] == ["weight", "norm.weight"]
    assert {"encoder.0.weight", "x"} <= set(report.at)
    assert "frozen" not in report.at
    assert any("torch is seeded alike" in note for note in report.notes)
    assert any(note.startswith("kept still: running_mean, running_var") for note in report.notes)
    after = net.state_dict()
    assert all(
        torch.equal(value, after[name]) and value.dtype == after[name].dtype for name, value in before.items()
    )
    assert torch.equal(torch.get_rng_state(), random)


def test_a_wrong_layer_inside_a_module() -> None:
    torch.manual_seed(1)
    (report,) = _reports(Net(Scaled), *_drawn((5, 3), number_format="float32"))
    assert report.verdict == "wrong"
    assert {entry.argument for entry in report.wrong} == {"weight"}


def test_state_that_a_plain_function_reaches_is_kept_still() -> None:
    norm = torch.nn.BatchNorm1d(3)
    before = norm.running_mean.clone()

    def loss(x: Any) -> Any:
        return (norm(x) ** 3).sum()

    (report,) = _reports(loss, *_drawn((5, 3), number_format="float32"))
    assert report.verdict == "right"
    assert torch.equal(norm.running_mean, before)
    assert norm.weight.dtype == torch.float32


def test_mixed_precision_under_autocast() -> None:
    def loss(x: Any) -> Any:
        with torch.autocast("cpu", dtype=torch.bfloat16):
            return torch.tanh(x @ x.T).sum()

    (report,) = _reports(loss, *_drawn((4, 3), number_format="float32"))
    assert report.verdict == "right"


def test_marks_and_strides_are_kept() -> None:
    seen = []

    def loss(x: Any, w: Any) -> Any:
        seen.append((x.stride(), x.requires_grad, w.requires_grad, w.dtype))
        return (x * w).sum()

    x, w = _drawn((3, 4), (3, 4))
    (report,) = _reports(loss, x.T.contiguous().T.requires_grad_(), w)
    assert (report.verdict, list(report.at)) == ("right", ["x", "w"])
    assert report.entries == 12
    assert set(seen) == {((1, 3), True, False, torch.float64)}


def test_functions_of_torch_func_are_claims() -> None:
    (x,) = _drawn((4,), number_format="float32")

    def loss(x: Any) -> Any:
        return (torch.sin(x) ** 2).sum()

    assert calcgrad.check_grad(loss, torch.func.grad(loss), x).verdict == "right"
    assert calcgrad.check_grad(loss, lambda x: 2 * torch.func.grad(loss)(x), x).verdict == "wrong"


def test_the_library_takes_functions_and_modules() -> None:
    x, w = _drawn((3, 4), (4, 2), number_format="bfloat16")
    assert calcgrad.assert_grad(Layer, "autograd", x, w).claim == "Layer.backward"
    with pytest.raises(AssertionError, match=r"claimed = 1\.01"):
        calcgrad.assert_grad(Scaled, "autograd", x, w)
    assert calcgrad.check_grad(Detached, "autograd", *_drawn((3,)), order=2).verdict == "wrong"
    assert calcgrad.check_grad(Net().double(), "autograd", *_drawn((5, 3)), wrt="weight").entries == 8


def test_complex_outputs_are_refused() -> None:
    with pytest.raises(calcgrad.CalcgradError, match="an output is complex"):
        _reports(lambda x: torch.complex(x, x), *_drawn((3,)))


def test_a_module_without_a_length_and_one_with_a_hook() -> None:
    class Sized(torch.nn.Linear):
        def __len__(self) -> int:
            raise TypeError("no length")

    (report,) = _reports(Sized(3, 2), *_drawn((4, 3), number_format="float32"))
    assert report.verdict == "right"
    hooked = torch.nn.Linear(3, 2)
    hooked.register_full_backward_hook(lambda module, given, taken: (2 * given[0],))
    (report,) = _reports(hooked, *_drawn((4, 3), number_format="float32"))
    assert (report.verdict, {entry.argument for entry in report.wrong}) == ("wrong", {"x"})
    assert report.likely[0].cause == "factor"
