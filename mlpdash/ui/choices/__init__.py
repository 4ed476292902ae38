"""What a person has chosen: in the session, in the address, as widgets."""
