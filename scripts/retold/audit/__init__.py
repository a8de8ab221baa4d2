"""The hunt for errors in the gold: by rule, by comparison with a tool, and by planted errors."""
