"""The page Lesson: the notebook step by step, each with a question before its result."""
