"""The mark-up of the two panes, before anything is in them.

Gradio takes these for templates: no `${` and no `{{` may stand in them.
"""

from __future__ import annotations

from chatbot.settings import QUESTION_LIMIT

_MARK = """
<svg viewBox="0 0 32 32" aria-hidden="true"><rect width="32" height="32" rx="8" fill="#1f5f5b"/>
  <path d="M8 9.5h16M8 16h6M21 16h3M8 22.5h10" stroke="#fff" stroke-width="2.6"
    stroke-linecap="round"/>
  <rect x="14.4" y="12.9" width="6.2" height="6.2" rx="1.6" fill="#ffd866"/></svg>
"""

_HEADER = f"""
<header class="wd-brand">
  {_MARK}
  <h1>问答</h1><p>只用文章的原话回答</p>
  <div class="wd-tools">
    <button type="button" class="wd-new">新对话</button>
    <button type="button" class="wd-list-open" aria-haspopup="dialog">对话</button>
    <button type="button" class="wd-read" aria-haspopup="dialog">原文</button>
  </div>
</header>
"""

_COMPOSER = f"""
<form class="wd-composer">
  <div class="wd-notice" role="status"></div>
  <button type="button" class="wd-scope" aria-haspopup="dialog" hidden></button>
  <div class="wd-field">
    <label class="wd-hidden" for="wenda-question">您的问题</label>
    <textarea id="wenda-question" rows="1" maxlength="{QUESTION_LIMIT}" enterkeyhint="send"
      autocomplete="off" placeholder="向文章提问"
      aria-describedby="wenda-keys"></textarea>
    <button type="submit" class="wd-send">发送</button>
  </div>
  <p id="wenda-keys" class="wd-keys">Enter 发送，Shift + Enter 换行，↑ 找回问过的</p>
</form>
"""

_CONVERSATIONS = """
<dialog class="wd-dialog wd-conversations" aria-labelledby="wenda-conversations">
  <div class="wd-dialog-bar">
    <h2 id="wenda-conversations">对话</h2>
    <button type="button" class="wd-dialog-close">关闭</button>
  </div>
  <p class="wd-note">只存在这个浏览器里，服务器不留。</p>
  <p class="wd-kept-status" role="status"></p>
  <p class="wd-none">还没有对话。</p>
  <ul class="wd-kept"></ul>
  <div class="wd-dialog-foot">
    <button type="button" class="wd-clear">清空当前对话</button>
  </div>
</dialog>
"""

_DOCUMENTS = """
<dialog class="wd-dialog wd-documents" aria-labelledby="wenda-documents">
  <div class="wd-dialog-bar">
    <h2 id="wenda-documents">在哪些文章里找</h2>
    <button type="button" class="wd-dialog-close">关闭</button>
  </div>
  <label class="wd-hidden" for="wenda-title">按标题找文章</label>
  <input id="wenda-title" type="search" autocomplete="off" placeholder="按标题找">
  <p class="wd-document-count" role="status"></p>
  <ul class="wd-document-list"></ul>
</dialog>
"""

CHAT = f"""
<section class="wd-chat" aria-label="对话" data-empty="true">
  {_HEADER}
  <div class="wd-log" role="log" aria-live="polite" aria-label="问与答" tabindex="0"></div>
  {_COMPOSER}
</section>
{_CONVERSATIONS}
{_DOCUMENTS}
"""

ARTICLE = """
<section class="wd-pane" aria-label="原文">
  <header class="wd-bar">
    <span class="wd-grip" aria-hidden="true"></span>
    <span>原文</span>
    <button type="button" class="wd-close">关闭</button>
  </header>
  <div class="wd-scroll" tabindex="0" role="region" aria-label="文章"></div>
</section>
"""
