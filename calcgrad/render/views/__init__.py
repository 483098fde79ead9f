"""One file a kind of report: what is said of it in a line, on a screen, and in a document."""

#: The view of each kind of report.
VIEWS = {
    "Report": "diff",
    "CheckReport": "check",
    "ProofReport": "proofs",
    "ModesReport": "modes",
    "Estimate": "estimate",
    "StepsReport": "steps",
    "TraceReport": "trace",
    "PracticeReport": "practice",
    "NudgeReport": "nudge",
    "DescendReport": "descend",
    "PlotReport": "plot",
    "ContoursReport": "contours",
}
