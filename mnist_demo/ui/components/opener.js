// Opens the sidebar by Streamlit's own button, which is small and far away on a phone.

export default function ({ data, parentElement }) {
  const button = parentElement.querySelector(".opener");
  button.textContent = data.label;
  button.onclick = () => {
    document.querySelector("[data-testid=stExpandSidebarButton]")?.click();
    // The button goes as the sidebar comes; whoever uses the keyboard goes on in there.
    requestAnimationFrame(() => document.querySelector("[data-testid=stSidebar] button")?.focus());
  };
}
