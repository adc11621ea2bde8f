-- What a person does in Neovim with a policy: opens a file, makes a mistake, looks around, mends it, lays it out.
-- Every wait is for something to become so; what never does ends the script with its name.
local shown = {}
local exit_code

local function wait(what, until_so)
  if not vim.wait(60000, until_so, 10) then
    error("never came: " .. what)
  end
end

local function lines(buffer)
  return table.concat(vim.api.nvim_buf_get_lines(buffer, 0, -1, false), "\n")
end

local function run()
  vim.cmd("edit provisions.kdl")
  local buffer = vim.api.nvim_get_current_buf()
  shown.original = lines(buffer)
  local client_id = vim.lsp.start_client({
    name = "nattoku",
    cmd = { vim.env.NATTOKU, "lsp" },
    root_dir = vim.fn.getcwd(),
    init_options = vim.fn.json_decode(vim.env.NATTOKU_OPTIONS),
    on_exit = function(code) exit_code = code end,
  })
  assert(vim.lsp.buf_attach_client(buffer, client_id))

  -- Diagnostics come after every change; each time another count of them is waited for.
  local published = 0
  vim.api.nvim_create_autocmd("DiagnosticChanged", {
    callback = function() published = published + 1 end,
  })
  local function asked(method, params)
    local answer
    wait(method, function()
      local client = vim.lsp.get_client_by_id(client_id)
      return client ~= nil and client.initialized
    end)
    vim.lsp.buf_request(buffer, method, params, function(err, result)
      answer = { err = err, result = result }
    end)
    wait(method, function() return answer ~= nil end)
    assert(not answer.err, method .. ": " .. vim.inspect(answer.err))
    return answer.result
  end
  local document = { uri = vim.uri_from_bufnr(buffer) }
  -- The answer to a request comes after what is published for all that was typed before it.
  asked("textDocument/documentSymbol", { textDocument = document })
  wait("the first diagnostics", function() return published > 0 end)
  shown.before = #vim.diagnostic.get(nil)

  -- A mistake behind Japanese text and an emoji, on one line.
  local function find(text)
    for number, line in ipairs(vim.api.nvim_buf_get_lines(buffer, 0, -1, false)) do
      local start = line:find(text, 1, true)
      if start then return number - 1, start - 1, line end
    end
    error("no " .. text)
  end
  local row, column, line = find("basis consent=partner_sharing")
  local wrong = line:gsub("basis consent=partner_sharing", "/* 位置😀 */ basis consent=partner_sharng")
  vim.api.nvim_buf_set_lines(buffer, row, row + 1, false, { wrong })
  wait("the mistake", function() return #vim.diagnostic.get(buffer) == 1 end)
  local said = vim.diagnostic.get(buffer)[1]
  shown.diagnostics = { {
    message = said.message,
    source = said.source,
    code = said.code or (said.user_data and said.user_data.lsp and said.user_data.lsp.code),
    shown_at = wrong:sub(said.col + 1, said.end_col),
  } }

  local function at(text)
    local r, c = find(text)
    vim.api.nvim_win_set_cursor(0, { r + 1, c + 1 })
    return vim.lsp.util.make_position_params(0, "utf-16")
  end
  shown.hover = asked("textDocument/hover", at("store_partners")).contents.value
  local definition = asked("textDocument/definition", at("store_partners"))
  shown.definition = definition.uri
  vim.lsp.util.jump_to_location(definition, "utf-16")
  local target = vim.api.nvim_win_get_cursor(0)
  shown.definition_line = vim.api.nvim_get_current_line():match("^%S+ [%w_]+")
  assert(target[1] == definition.range.start.line + 1)
  vim.api.nvim_set_current_buf(buffer)

  local completion = at("partner_sharng")
  local items = asked("textDocument/completion", completion)
  shown.completion = vim.tbl_map(function(item) return item.label end, items.items or items)

  row = find("partner_sharng")
  local range = vim.lsp.util.make_given_range_params({ row + 1, said.col }, { row + 1, said.end_col }, buffer, "utf-16")
  range.context = { diagnostics = { {
    range = range.range,
    message = said.message,
    severity = said.severity,
    source = said.source,
    code = shown.diagnostics[1].code,
  } } }
  local actions = asked("textDocument/codeAction", range)
  shown.action = actions[1].title
  vim.lsp.util.apply_workspace_edit(actions[1].edit, "utf-16")
  wait("the mistake to be gone", function() return #vim.diagnostic.get(buffer) == 0 end)
  shown.after_action = #vim.diagnostic.get(nil)

  -- The comment goes, the layout is spoilt, and formatting brings it back.
  local mended = vim.api.nvim_buf_get_lines(buffer, row, row + 1, false)[1]
  local spoilt = "      " .. mended:gsub("/%* .- %*/ ", ""):gsub("basis ", "basis    ")
  vim.api.nvim_buf_set_lines(buffer, row, row + 1, false, { spoilt })
  local edits = asked("textDocument/formatting", vim.lsp.util.make_formatting_params())
  vim.lsp.util.apply_text_edits(edits, buffer, "utf-16")
  shown.formatted = lines(buffer)

  vim.lsp.stop_client(client_id)
  wait("the server to end", function() return exit_code ~= nil end)
  shown.exit_code = exit_code
end

local fine, problem = pcall(run)
if not fine then shown.error = tostring(problem) end
local file = assert(io.open(vim.env.NATTOKU_SHOWN, "w"))
file:write(vim.fn.json_encode(shown))
file:close()
vim.cmd("qall!")
