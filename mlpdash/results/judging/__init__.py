"""How good a net is: scores, intervals, baselines, the verdict."""
