"""J03: writes Markdown with scripts, handlers, frames and links that are scripts."""

# %% [markdown]
# <script>attack()</script>
# <img src=x onerror="attack()"> <svg onload="attack()"></svg> <iframe srcdoc="<script>attack()</script>"></iframe>
# [click](javascript:attack()) [click](data:text/html,<script>attack()</script>) ![x](http://attack.invalid/beacon.png)
# <a href="&#106;avascript:attack()">x</a> <form action="javascript:attack()"><button>x</button></form>
# <style>body { background: url(http://attack.invalid) }</style> <base href="http://attack.invalid/"> <meta http-equiv="refresh" content="0;url=javascript:attack()">
# <object data="javascript:attack()"></object> <math><mtext></form><form><mglyph><style></math><img src onerror=attack()>
# %%
1
