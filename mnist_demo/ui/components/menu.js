// On a phone Streamlit's navigation unfolds over the page, and stays there when it has led somewhere: it folds away
// once a page has been chosen in it.

const NARROW = matchMedia("(max-width: 767px)");

function foldMenu({ target }) {
  if (!NARROW.matches || !target.closest?.("[data-testid=stSidebarNavLink]")) return;
  setTimeout(() => document.querySelector("[data-testid=stSidebarCollapseButton] button")?.click()); // Streamlit first
}

// Once for all pages and for as long as the page lives.
window.mnistDemoMenuFolds ??= (document.addEventListener("click", foldMenu), true);
