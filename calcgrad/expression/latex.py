def to_latex(node, vocabulary):
    return ""
