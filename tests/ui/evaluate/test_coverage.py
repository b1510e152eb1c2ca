from mnist_demo.network.coverage import Coverage
from mnist_demo.texts.loading import load_texts
from mnist_demo.ui.evaluate.coverage import coverage_sentence

EN, ES = load_texts("en"), load_texts("es")


def test_sentence_has_all_figures():
    """Both shares, of how many images, and the mistakes that are left."""
    said = coverage_sentence(Coverage(0.9, images=10_000, answered=9_312, correct=9_268), EN)
    assert "93.1%" in said
    assert "10,000" in said
    assert "99.53%" in said
    assert "44 mistakes are left" in said


def test_one_mistake_is_one():
    """In Spanish, too."""
    assert "queda un error" in coverage_sentence(Coverage(0.9, images=100, answered=60, correct=59), ES)


def test_silence_is_said():
    """Nothing is said to be right then."""
    said = coverage_sentence(Coverage(0.9999, images=100, answered=0, correct=0), EN)
    assert "answers nothing" in said
    assert "%" not in said
