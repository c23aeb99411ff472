// Questions waiting in line: one is asked at a time, in order, since a follow-up needs what was
// asked before it; what comes back, or does not, is told to the conversation.

import { prepared } from "./hooks.js";

// Waiting longer than this for one answer is a failure that can be tried again. Milliseconds.
const PATIENCE = 60_000;
// After this long without a word from the server the wait is explained.
const EXPLAIN = 1_000;
// How often, while an answer is awaited, the server is asked whether it is still there.
const PULSE = 3_000;
// Gradio ends its stream of messages once nothing is under way, some 50 ms after the last word of it.
// What is sent in between is taken, but its answer waits for the next stream: so not in between.
const STREAM_END = 150;
// Milliseconds after which what was asked for and did not come, for that reason, is looked for again.
export const AGAIN = 1_500;
// What a follow-up can lean on; the server takes no more than 64 KB in one request.
const HISTORY_QUESTIONS = 20;
const HISTORY_CHARACTERS = 6_000;

export class Line {
  // `turns` returns the turns of the conversation; `answered` and `failed` are told of one;
  // `nudge` opens a new stream where an answer may be waiting for one.
  constructor(send, { turns, answered, failed, nudge }) {
    this.send = send;
    this.nudge = nudge;
    this.turns = turns;
    this.answered = answered;
    this.failed = failed;
    this.calls = 0;
    this.underWay = new Set(); // calls of which the end was not seen, also of turns given up
    this.isOpen = false; // the server takes questions
    this.current = null;
  }

  get busy() {
    return this.current !== null || this.turns().some((turn) => turn.state === "waiting");
  }

  open() {
    this.isOpen = true;
    this.nextSoon();
  }

  nextSoon() {
    window.setTimeout(() => this.next(), STREAM_END);
  }

  next() {
    if (this.isOpen && !this.current) {
      const turn = this.turns().find((candidate) => candidate.state === "waiting");
      if (turn) this.ask(turn);
    }
    this.turns()
      .filter((turn) => turn.state === "waiting")
      .forEach((turn, index) => {
        const ahead = index + (this.current ? 1 : 0);
        const said = ahead ? `排队中，前面还有 ${ahead} 问` : "问答正在准备，好了就回答……";
        turn.showWaiting(said);
      });
  }

  ask(turn) {
    turn.state = "asked";
    this.current = turn;
    turn.calls = [];
    turn.history = this.historyOf(turn);
    turn.showWaiting("正在找……");
    this.timers = [
      window.setTimeout(() => {
        turn.showWaiting("已送出，正等服务器轮到它……");
        this.nudge();
      }, EXPLAIN + 500),
      window.setTimeout(() => this.fail(turn, "等了太久，没有等到回答。"), PATIENCE),
      window.setInterval(() => {
        this.checkPulse(turn, turn.calls);
        this.nudge();
      }, PULSE),
    ];
    const { question, history, document } = turn;
    turn.request = prepared({ question, history, document });
    this.call(turn);
  }

  // A new number for every attempt: Gradio tells of a value only when it changes, and the same
  // failure twice must arrive twice.
  call(turn) {
    this.calls += 1;
    turn.calls.push(this.calls);
    this.underWay.add(this.calls);
    this.send({ turn: this.calls, ...turn.request });
  }

  // The questions before this turn, the latest that fit into one request.
  historyOf(turn) {
    const history = [];
    let room = HISTORY_CHARACTERS;
    for (const earlier of this.turns().slice(0, this.turns().indexOf(turn)).reverse()) {
      room -= earlier.question.length;
      if (room < 0 || history.length === HISTORY_QUESTIONS) break;
      if (earlier.state === "answered") history.unshift(earlier.question);
    }
    return history;
  }

  receive(value) {
    const turn = this.current;
    if (value.doing === undefined) this.underWay.delete(value.turn);
    if (!turn?.calls.includes(value.turn)) return;
    if (value.doing !== undefined) {
      window.clearTimeout(this.timers[0]);
      turn.showWaiting(value.doing);
    } else if (value.html === undefined) this.fail(turn, value.failure, value);
    else {
      this.settle(turn, "answered");
      turn.html = value.html;
      turn.record = value.record;
      this.answered(turn);
      this.nextSoon();
    }
  }

  // Gradio says nothing to a page whose connection broke.
  async checkPulse(turn, calls) {
    try {
      await fetch("./health/live", { cache: "no-store", signal: AbortSignal.timeout(PULSE) });
    } catch (error) {
      if (error.name === "TimeoutError") return; // busy, not gone; PATIENCE has the last word
      if (this.current === turn && turn.calls === calls) {
        this.fail(turn, "和服务器的连接断了；恢复以后页面会重新打开，对话还在。");
      }
    }
  }

  // Gradio reports that a call failed but not which. Where one that was given up is still under way
  // it may have been that one: the question in turn is sent once more, and whichever of its calls
  // is answered first is its answer.
  failOne(message) {
    const turn = this.current;
    const own = turn?.calls ?? [];
    const givenUp = [...this.underWay].find((call) => !own.includes(call));
    if (givenUp !== undefined) {
      this.underWay.delete(givenUp);
      if (turn) {
        const { calls } = turn;
        window.setTimeout(() => {
          if (this.current === turn && turn.calls === calls) this.call(turn);
        }, STREAM_END);
      }
    } else if (turn) {
      this.underWay.delete(own.find((call) => this.underWay.has(call)));
      this.fail(turn, message);
    }
  }

  // `value` is what the server said of it, where it was the server that failed it.
  fail(turn, message, value = {}) {
    this.settle(turn, "failed");
    turn.failure = message || "没有收到回答。";
    this.failed(turn, value);
    this.nextSoon();
  }

  // What waits was meant for what is no longer there.
  failWaiting(message) {
    for (const turn of this.turns().filter((one) => one.state === "waiting")) {
      turn.state = "failed";
      turn.failure = message;
      this.failed(turn, {});
    }
  }

  // Wait no longer for `turns`; whatever comes for them is dropped.
  giveUp(turns = this.turns()) {
    if (this.current && turns.includes(this.current)) this.settle(this.current, "failed");
  }

  settle(turn, state) {
    for (const timer of this.timers) {
      window.clearTimeout(timer);
      window.clearInterval(timer);
    }
    turn.state = state;
    this.current = null;
  }
}
