// What was drawn or chosen waits here until the server has acknowledged it, over reloads too.

var AGAIN_MILLISECONDS = 2000;
var COUNTED_MILLISECONDS = 100;
var MAX_SEQUENCE = 1e9;

function Sending(memory, code, tell) {
  this.memory = memory;
  this.code = code;
  this.tell = tell;
  this.busy = false;
}

// The sequence is taken from the clock: another tab of this phone counts on where this one has stopped.
Sending.prototype.add = function (what, body) {
  var clock = Math.floor(Date.now() / COUNTED_MILLISECONDS) % MAX_SEQUENCE;
  var sequence = Math.max((this.memory.kept.sequence || 0) + 1, clock);
  body.sequence = sequence;
  this.memory.keep({ sequence: sequence, waiting: this.memory.kept.waiting.concat([{ what: what, body: body }]) });
  this.go();
};

Sending.prototype.waitsFor = function (token, round) {
  return this.memory.kept.waiting.some(function (item) {
    return item.body.token === token && item.body.round === round;
  });
};

// One after the other, the oldest first. Without an answer it stays, and goes again at the next occasion.
Sending.prototype.go = function () {
  var sending = this;
  var item = this.memory.kept.waiting[0];
  if (this.busy || !item) return;
  this.busy = true;
  ask("POST", this.code + "/" + item.what, item.body, function (status, answer) {
    sending.busy = false;
    if (status === 0 || status === 429 || status >= 500) {
      clearTimeout(sending.timer);
      sending.timer = setTimeout(function () { sending.go(); }, AGAIN_MILLISECONDS);
    } else {
      sending.memory.keep({ waiting: sending.memory.kept.waiting.slice(1) });
    }
    sending.tell(item, status, answer);
    if (status >= 200 && status < 300) sending.go();
  });
};
