"""Making recordings from narration: speech, slides, film, captions, transcript and handout."""
