// Writes into the text that an element has: for a new node the browser would hold all of Streamlit's styles that ask
// what is inside an element (":has") against the page again, for each bar of each answer.

function write(element, text) {
  if (!element.firstChild) element.append("");
  if (element.firstChild.data !== text) element.firstChild.data = text;
}
