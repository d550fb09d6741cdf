-- session: writes a session, new or changed, with deliveries, and may end a lease.
-- KEYS: session log p open moving settling voters d lanes [dirty cards] [lm, its lane] lanes…
-- ARGV: 1 version read (0 is new), 2 op, 3 channel, 4 wake-up, 5 doc, 6 hash, 7 what may leave, 8 voting "1",
--       9 name of the cards' lane or "", 10 quiet "1", 11 forget "1", 12 fence or "", 13 its member, 14 its lane's name,
--       15 count of deliveries, 16… entry (7), 23… deliveries (see common.lua)
-- Returns ok | conflict | fenced | unknown | taken | {questions, copies} that are unsettled.
local was = call('HMGET', KEYS[1], 'v', 'op')
if was[1] and repeated(was[2], ARGV[2]) then return 'ok' end
if ARGV[1] == '0' and was[1] then return 'taken' end
if ARGV[1] ~= '0' and not was[1] then return 'unknown' end
if ARGV[1] ~= '0' and was[1] ~= ARGV[1] then return 'conflict' end
if ARGV[10] == '1' then
  local open, moving, settling = call('ZCARD', KEYS[4]), call('ZCARD', KEYS[5]), 0
  for _, member in ipairs(call('SMEMBERS', KEYS[6])) do
    if not ofSession(member) then settling = settling + 1 end
  end
  if open + moving + settling > 0 then return {open, moving > 0 and moving or settling} end
end
local key, lm, lane = 10, nil, nil
if ARGV[9] ~= '' then key = 12 end
if ARGV[12] ~= '' then
  lm, lane, key = KEYS[key], KEYS[key+1], key + 2
  if not holds(lm, ARGV[12], ARGV[13]) then return 'fenced' end
end

call('HSET', KEYS[1], 'v', ARGV[16], 'doc', ARGV[5], 'h', ARGV[6], 'op', with(was[2], ARGV[2]),
  'run', ARGV[7], 'voting', ARGV[8], 'lane', ARGV[9])
entry(KEYS[2], KEYS[3], 0, 16)
if ARGV[11] == '1' then call('UNLINK', KEYS[7]) end
if ARGV[9] ~= '' then dirt(KEYS[10], KEYS[11], 0, BOARD) end
if lm then ended(KEYS[8], lm, ARGV[12], ARGV[13]) end
deliveries(tonumber(ARGV[15]), 23, KEYS[8], KEYS[9], KEYS[6], key)
if lm then tidy(KEYS[8], KEYS[9], KEYS[6], lane, ARGV[14], ARGV[13]) end
call('PUBLISH', ARGV[3], ARGV[4])
return 'ok'
