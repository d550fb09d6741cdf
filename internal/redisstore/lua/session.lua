-- session: writes a session, new or changed.
-- KEYS: session log p open moving settling voters [dirty cards]
-- ARGV: 1 version read (0 is new), 2 op, 3 channel, 4 wake-up, 5 doc, 6 hash, 7 running "1", 8 voting "1",
--       9 name of the cards' lane or "", 10 quiet "1", 11 forget "1", 12… entry (7)
-- Returns ok | conflict | unknown | taken | {questions, copies} that are unsettled.
local was = call('HMGET', KEYS[1], 'v', 'op')
if was[1] and repeated(was[2], ARGV[2]) then return 'ok' end
if ARGV[1] == '0' and was[1] then return 'taken' end
if ARGV[1] ~= '0' and not was[1] then return 'unknown' end
if ARGV[1] ~= '0' and was[1] ~= ARGV[1] then return 'conflict' end
if ARGV[10] == '1' then
  local open, moving = call('ZCARD', KEYS[4]), call('ZCARD', KEYS[5])
  local settling = call('SCARD', KEYS[6])
  if open + moving + settling > 0 then return {open, moving > 0 and moving or settling} end
end

call('HSET', KEYS[1], 'v', ARGV[12], 'doc', ARGV[5], 'h', ARGV[6], 'op', with(was[2], ARGV[2]),
  'run', ARGV[7], 'voting', ARGV[8], 'lane', ARGV[9])
entry(KEYS[2], KEYS[3], 0, 12)
if ARGV[11] == '1' then call('UNLINK', KEYS[7]) end
if ARGV[9] ~= '' then dirt(KEYS[8], KEYS[9], 0, BOARD) end
call('PUBLISH', ARGV[3], ARGV[4])
return 'ok'
