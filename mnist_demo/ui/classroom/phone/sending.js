// What was drawn or chosen waits here until the server has acknowledged it, over reloads too.

var AGAIN_MILLISECONDS = 2000;

function Sending(memory, code, tell) {
  this.memory = memory;
  this.code = code;
  this.tell = tell;
  this.busy = false;
}

Sending.prototype.add = function (what, body) {
  body.sequence = this.memory.nextSequence();
  this.memory.wait({ what: what, body: body });
  this.memory.keep({ sequence: body.sequence });
  this.go();
};

Sending.prototype.waitsFor = function (token, round) {
  return this.memory.waiting().some(function (item) {
    return item.body.token === token && item.body.round === round;
  });
};

// One after the other, the oldest first, whichever tab it is from: the server takes it once. Without an answer it stays,
// and goes again at the next occasion.
Sending.prototype.go = function () {
  var sending = this;
  var item = this.memory.waiting()[0];
  if (this.busy || !item) return;
  this.busy = true;
  ask("POST", this.code + "/" + item.what, item.body, function (status, answer) {
    sending.busy = false;
    if (status === 0 || status === 408 || status === 429 || status >= 500) { // 408: the network was too slow
      clearTimeout(sending.timer);
      sending.timer = setTimeout(function () { sending.go(); }, AGAIN_MILLISECONDS);
    } else {
      sending.memory.done(item);
    }
    sending.tell(item, status, answer);
    if (status >= 200 && status < 300) sending.go();
  });
};
