# Every target is sufficient alone: it installs and builds what it needs first (see scripts/).
PYTHON ?= $(shell for p in .venv/bin/python python3 python3.13 python3.12 python3.11; do \
	$$p -c 'import sys; sys.exit(sys.version_info < (3, 11))' >/dev/null 2>&1 && { echo $$p; exit; }; done; echo python3)
VERBS := setup run test check bench format shots

.PHONY: help $(VERBS)

help:
	@echo "make run      安装、构建、载入演示旅，并在 http://127.0.0.1:8000 启动"
	@echo "make test     全部测试：SQLite 与 PostgreSQL，含浏览器"
	@echo "make check    格式、类型、分层、模板、迁移、接口快照、前端检查"
	@echo "make setup    只安装与构建      make format  整理格式"
	@echo "make bench    性能对比          make shots   重拍截图"

$(VERBS):
	@$(PYTHON) -m scripts $@
