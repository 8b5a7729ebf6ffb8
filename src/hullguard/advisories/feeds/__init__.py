"""One small parser a feed format; each recognises its own upstream files."""
