"""The mark-up of the two panes, before anything is in them. `LIMIT` and the like are filled in."""

from __future__ import annotations

from chatbot.settings import QUESTION_LIMIT

CHAT = """
<section class="wd-chat" aria-label="对话">
  <header class="wd-brand">
    <svg viewBox="0 0 32 32" aria-hidden="true"><rect width="32" height="32" rx="8" fill="#1f5f5b"/>
      <path d="M8 9.5h16M8 16h6M21 16h3M8 22.5h10" stroke="#fff" stroke-width="2.6"
        stroke-linecap="round"/>
      <rect x="14.4" y="12.9" width="6.2" height="6.2" rx="1.6" fill="#ffd866"/></svg>
    <h1>问答</h1><p>只用文章的原话回答</p>
    <button type="button" class="wd-read">看原文</button>
  </header>
  <div class="wd-log" role="log" aria-live="polite" aria-label="问与答" tabindex="0"></div>
  <form class="wd-composer">
    <label class="wd-hidden" for="wenda-question">您的问题</label>
    <textarea id="wenda-question" rows="1" maxlength="LIMIT" enterkeyhint="send"
      autocomplete="off" placeholder="向文章提问"
      aria-describedby="wenda-keys"></textarea>
    <button type="submit" class="wd-send">发送</button>
    <p id="wenda-keys" class="wd-keys">Enter 发送，Shift + Enter 换行</p>
  </form>
</section>
""".replace("LIMIT", str(QUESTION_LIMIT))

ARTICLE = """
<section class="wd-pane" aria-label="原文">
  <header class="wd-bar">
    <span>原文</span>
    <button type="button" class="wd-close">关闭</button>
  </header>
  <div class="wd-scroll" tabindex="0">${value}</div>
</section>
"""
