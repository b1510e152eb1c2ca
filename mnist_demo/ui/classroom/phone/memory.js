// What the phone keeps of a class: its token, the drawing that is being made, and what still has to be sent.

function Memory(code) {
  this.key = "mnist-demo-class-" + code;
  this.kept = {};
  try {
    this.kept = JSON.parse(localStorage.getItem(this.key)) || {};
  } catch (error) { /* a browser that keeps nothing, or something that is not ours: begin anew */ }
  if (!(this.kept.waiting instanceof Array)) this.kept.waiting = [];
}

Memory.prototype.keep = function (changes) {
  for (var name in changes) this.kept[name] = changes[name];
  try {
    localStorage.setItem(this.key, JSON.stringify(this.kept));
  } catch (error) { /* it lasts as long as the page */ }
};

Memory.prototype.forget = function () {
  this.kept = { waiting: [] };
  try {
    localStorage.removeItem(this.key);
  } catch (error) { /* there was nothing */ }
};
