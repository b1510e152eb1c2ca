// What a browser remembers of a visitor's choices; one that keeps nothing forgets them with the page.

function remembered(key) {
  try {
    return localStorage.getItem(key);
  } catch {
    return null; // a browser that keeps nothing
  }
}

function remember(key, value) {
  try {
    localStorage.setItem(key, value);
  } catch { /* it lasts as long as the page */ }
}
