// Some browsers darken light pages by themselves. This one has colours of its own for the light and for the dark: it says
// that these are the only ones, also after somebody has chosen others in the menu. In a light system Chromium does not
// listen to that; plots.js sees to the charts there.

function keepColours(app) {
  app.style.removeProperty("color-scheme");
  const only = `only ${getComputedStyle(app).colorScheme}`; // "light" or "dark", by Streamlit's theme
  for (const part of [document.documentElement, app]) part.style.setProperty("color-scheme", only);
}

function watchColours() {
  const app = document.querySelector("[data-testid=stApp]");
  keepColours(app);
  new MutationObserver(() => keepColours(app)).observe(app, { attributes: true, attributeFilter: ["class"] });
}

// Once for all pages and for as long as the page lives.
window.mnistDemoColours ??= (watchColours(), true);
