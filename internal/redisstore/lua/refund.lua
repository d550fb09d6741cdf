-- refund: gives back what was taken of budgets of a calendar day, or that are there once. What is not counted any more stays so.
-- KEYS: for each budget: spent
-- ARGV: for each budget: cost
-- Returns ok.
for i, spent in ipairs(KEYS) do
  local taken = math.min(tonumber(ARGV[i]), tonumber(call('GET', spent) or 0))
  if taken > 0 then call('DECRBY', spent, taken) end
end
return 'ok'
