-- One session with a branch that leaves it before its second turn, and one from the start.
CREATE TABLE agent_sessions (session_id TEXT PRIMARY KEY,
  created_at TIMESTAMP DEFAULT CURRENT_TIMESTAMP, updated_at TIMESTAMP DEFAULT CURRENT_TIMESTAMP);
CREATE TABLE agent_messages (id INTEGER PRIMARY KEY AUTOINCREMENT, session_id TEXT NOT NULL,
  message_data TEXT NOT NULL, created_at TIMESTAMP DEFAULT CURRENT_TIMESTAMP);
CREATE TABLE message_structure (id INTEGER PRIMARY KEY AUTOINCREMENT, session_id TEXT NOT NULL,
  message_id INTEGER NOT NULL, branch_id TEXT NOT NULL DEFAULT 'main', message_type TEXT NOT NULL,
  sequence_number INTEGER NOT NULL, user_turn_number INTEGER, branch_turn_number INTEGER,
  tool_name TEXT, created_at TIMESTAMP DEFAULT CURRENT_TIMESTAMP);
CREATE TABLE turn_usage (id INTEGER PRIMARY KEY AUTOINCREMENT, session_id TEXT NOT NULL,
  branch_id TEXT NOT NULL DEFAULT 'main', user_turn_number INTEGER NOT NULL, requests INTEGER DEFAULT 0,
  input_tokens INTEGER DEFAULT 0, output_tokens INTEGER DEFAULT 0, total_tokens INTEGER DEFAULT 0,
  input_tokens_details JSON, output_tokens_details JSON, created_at TIMESTAMP DEFAULT CURRENT_TIMESTAMP);
INSERT INTO agent_sessions VALUES ('carol', '2026-01-02 10:00:00', '2026-01-02 10:00:30');
INSERT INTO agent_messages VALUES (1, 'carol', '{"role": "user", "content": "Is it sunny?"}', '2026-01-02 10:00:01');
INSERT INTO message_structure VALUES (1, 'carol', 1, 'main', 'user', 1, 1, 1, NULL, '2026-01-02 10:00:01');
INSERT INTO agent_messages VALUES (2, 'carol', '{"id": "rs_1", "type": "reasoning", "summary": [{"type": "summary_text", "text": "I ask."}], "encrypted_content": "c2VhbA=="}', '2026-01-02 10:00:02');
INSERT INTO message_structure VALUES (2, 'carol', 2, 'main', 'reasoning', 2, 1, 1, NULL, '2026-01-02 10:00:02');
INSERT INTO agent_messages VALUES (3, 'carol', '{"id": "fc_1", "type": "function_call", "call_id": "call_1", "name": "weather", "arguments": "{\"city\":\"Oslo\"}"}', '2026-01-02 10:00:03');
INSERT INTO message_structure VALUES (3, 'carol', 3, 'main', 'function_call', 3, 1, 1, NULL, '2026-01-02 10:00:03');
INSERT INTO agent_messages VALUES (4, 'carol', '{"id": "fc_2", "type": "function_call", "call_id": "call_2", "name": "weather", "arguments": "{\"city\":\"Rome\"}"}', '2026-01-02 10:00:04');
INSERT INTO message_structure VALUES (4, 'carol', 4, 'main', 'function_call', 4, 1, 1, NULL, '2026-01-02 10:00:04');
INSERT INTO agent_messages VALUES (5, 'carol', '{"type": "function_call_output", "call_id": "call_1", "output": "sunny"}', '2026-01-02 10:00:05');
INSERT INTO message_structure VALUES (5, 'carol', 5, 'main', 'function_call_output', 5, 1, 1, NULL, '2026-01-02 10:00:05');
INSERT INTO agent_messages VALUES (6, 'carol', '{"type": "function_call_output", "call_id": "call_2", "output": [{"type": "input_text", "text": "rain"}, {"type": "input_image", "image_url": "data:image/png;base64,iVBORw0KGgo="}]}', '2026-01-02 10:00:06');
INSERT INTO message_structure VALUES (6, 'carol', 6, 'main', 'function_call_output', 6, 1, 1, NULL, '2026-01-02 10:00:06');
INSERT INTO agent_messages VALUES (7, 'carol', '{"id": "msg_1", "type": "message", "role": "assistant", "status": "completed", "content": [{"type": "output_text", "text": "In Oslo.", "annotations": []}]}', '2026-01-02 10:00:07');
INSERT INTO message_structure VALUES (7, 'carol', 7, 'main', 'message', 7, 1, 1, NULL, '2026-01-02 10:00:07');
INSERT INTO agent_messages VALUES (8, 'carol', '{"role": "user", "content": [{"type": "input_text", "text": "And now?"}]}', '2026-01-02 10:00:08');
INSERT INTO message_structure VALUES (8, 'carol', 8, 'main', 'user', 8, 2, 2, NULL, '2026-01-02 10:00:08');
INSERT INTO agent_messages VALUES (9, 'carol', '{"id": "ws_1", "type": "web_search_call", "status": "completed", "action": {"type": "search", "query": "weather"}}', '2026-01-02 10:00:09');
INSERT INTO message_structure VALUES (9, 'carol', 9, 'main', 'web_search_call', 9, 2, 2, NULL, '2026-01-02 10:00:09');
INSERT INTO agent_messages VALUES (10, 'carol', '{"id": "msg_2", "type": "message", "role": "assistant", "status": "completed", "content": [{"type": "output_text", "text": "Still.", "annotations": []}]}', '2026-01-02 10:00:10');
INSERT INTO message_structure VALUES (10, 'carol', 10, 'main', 'message', 10, 2, 2, NULL, '2026-01-02 10:00:10');
INSERT INTO message_structure VALUES (11, 'carol', 1, 'other', 'user', 11, 1, 1, NULL, '2026-01-02 10:00:01');
INSERT INTO message_structure VALUES (12, 'carol', 2, 'other', 'reasoning', 12, 1, 1, NULL, '2026-01-02 10:00:02');
INSERT INTO message_structure VALUES (13, 'carol', 3, 'other', 'function_call', 13, 1, 1, NULL, '2026-01-02 10:00:03');
INSERT INTO message_structure VALUES (14, 'carol', 4, 'other', 'function_call', 14, 1, 1, NULL, '2026-01-02 10:00:04');
INSERT INTO message_structure VALUES (15, 'carol', 5, 'other', 'function_call_output', 15, 1, 1, NULL, '2026-01-02 10:00:05');
INSERT INTO message_structure VALUES (16, 'carol', 6, 'other', 'function_call_output', 16, 1, 1, NULL, '2026-01-02 10:00:06');
INSERT INTO message_structure VALUES (17, 'carol', 7, 'other', 'message', 17, 1, 1, NULL, '2026-01-02 10:00:07');
INSERT INTO agent_messages VALUES (11, 'carol', '{"role": "user", "content": "And in Rome?"}', '2026-01-02 10:00:11');
INSERT INTO message_structure VALUES (18, 'carol', 11, 'other', 'user', 18, 2, 2, NULL, '2026-01-02 10:00:11');
INSERT INTO agent_messages VALUES (12, 'carol', '{"id": "msg_3", "type": "message", "role": "assistant", "content": [{"type": "output_text", "text": "Rain."}]}', '2026-01-02 10:00:12');
INSERT INTO message_structure VALUES (19, 'carol', 12, 'other', 'assistant', 19, 2, 2, NULL, '2026-01-02 10:00:12');
INSERT INTO agent_messages VALUES (13, 'carol', '{"role": "user", "content": "From the start"}', '2026-01-02 10:00:13');
INSERT INTO message_structure VALUES (20, 'carol', 13, 'anew', 'user', 20, 1, 1, NULL, '2026-01-02 10:00:13');
INSERT INTO agent_messages VALUES (14, 'carol', '{"role": "user", "content": "in no branch"}', '2026-01-02 10:00:14');
INSERT INTO turn_usage VALUES (1, 'carol', 'main', 1, 2, 100, 20, 120, '{"cached_tokens": 40}', '{"reasoning_tokens": 5}', '2026-01-02 10:00:30');
INSERT INTO turn_usage VALUES (2, 'carol', 'main', 2, 2, 100, 20, 120, '{"cached_tokens": 40}', '{"reasoning_tokens": 5}', '2026-01-02 10:00:30');
INSERT INTO turn_usage VALUES (3, 'carol', 'other', 2, 2, 100, 20, 120, '{"cached_tokens": 40}', '{"reasoning_tokens": 5}', '2026-01-02 10:00:30');
