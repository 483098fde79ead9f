"""From measurements to a verdict: ``weighing`` compares with error bars, ``locating`` finds the wrong entries."""
