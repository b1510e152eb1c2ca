// Shared by the components: Streamlit calls a component for each change of its data, and waits for the script in
// between, so that calls can come in any order. A call that newer data has overtaken is told at once, by its cleanup.

const CALLS_KEPT = 8;
const calls = new WeakMap();

// Shows what a call brings; when the call turns out to be overtaken, shows again what the newest one brought. Gives
// up when the component has left the page. Returns the call's cleanup.
function showLatest(parentElement, show, giveUp = () => {}) {
  calls.set(parentElement, [...(calls.get(parentElement) ?? []), show].slice(-CALLS_KEPT));
  show();
  return () => {
    const known = calls.get(parentElement);
    const valid = known.filter((other) => other !== show);
    calls.set(parentElement, valid);
    if (!parentElement.isConnected) giveUp();
    else if (known.at(-1) === show) valid.at(-1)?.();
  };
}
