"""The page Lesson, without a browser."""
