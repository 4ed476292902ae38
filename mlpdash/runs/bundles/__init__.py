"""`.mlpdash` files: a trained net to hand on."""
