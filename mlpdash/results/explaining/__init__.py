"""Why a net predicts what it does: importance, dependence, attribution, boundaries."""
