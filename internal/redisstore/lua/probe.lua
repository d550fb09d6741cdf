-- probe: a write, to find out whether the server accepts one.
-- KEYS: probe
call('SET', KEYS[1], '1', 'PX', 60000)
return 'ok'
