// Begins each step of the lesson at its top: Next stands below a step that may be longer than the screen.

let shown = null;

export default function ({ data }) {
  if (shown !== null && shown !== data.step) document.querySelector(`.st-key-${data.top}`)?.scrollIntoView();
  shown = data.step;
}
