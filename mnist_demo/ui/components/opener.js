// Opens the sidebar by Streamlit's own button, which is small and far away on a phone; and closes it there, where it
// covers the page, once somebody has chosen another page or pressed Train in it.

const NARROW = matchMedia("(max-width: 767px)");
const LEADS_AWAY = "[data-testid=stSidebarNavLink], [data-testid=stSidebar] [class*=st-key-train_] button";

function closeSidebar({ target }) {
  if (!NARROW.matches || !target.closest?.(LEADS_AWAY)) return;
  setTimeout(() => document.querySelector("[data-testid=stSidebarCollapseButton] button")?.click()); // Streamlit first
}

export default function ({ data, parentElement }) {
  const button = parentElement.querySelector(".opener");
  button.textContent = data.label;
  button.onclick = () => {
    document.querySelector("[data-testid=stExpandSidebarButton]")?.click();
    // The button goes as the sidebar comes; whoever uses the keyboard goes on in there.
    requestAnimationFrame(() => document.querySelector("[data-testid=stSidebar] button")?.focus());
  };
  // Once for all pages and for as long as the page lives: this component stands on the main page only.
  window.mnistDemoSidebarCloses ??= (document.addEventListener("click", closeSidebar), true);
}
