# docker build --build-arg EXTRAS=postgres,llm -t rolecall .
# No secret and no .env goes in: settings come from the environment when it runs (compose.yaml).
ARG PYTHON=3.12

FROM python:${PYTHON}-slim AS build
# what is installed besides: postgres, llm, semantic (pyproject.toml says what each needs)
ARG EXTRAS=postgres
WORKDIR /source
COPY pyproject.toml README.md LICENSE ./
COPY content content
COPY migrations migrations
COPY adapters adapters
COPY bot bot
RUN python -m venv /opt/rolecall && /opt/rolecall/bin/pip install --no-cache-dir ".${EXTRAS:+[$EXTRAS]}"

FROM python:${PYTHON}-slim
# A fixed number, so that a volume still belongs to its user after the next build.
RUN useradd --uid 10001 --home-dir /data --no-create-home --shell /usr/sbin/nologin rolecall \
    && install --directory --owner=rolecall --group=rolecall --mode=0700 /data
COPY --from=build /opt/rolecall /opt/rolecall
# PYTHONTZPATH is empty so that time zones come from the package tzdata, which every build renews.
ENV PATH=/opt/rolecall/bin:$PATH \
    PYTHONTZPATH= \
    PYTHONUNBUFFERED=1 \
    ROLECALL_DATABASE=/data/rolecall.db \
    ROLECALL_MAILBOX=/data/mailbox
WORKDIR /data
VOLUME /data
USER 10001
STOPSIGNAL SIGTERM
HEALTHCHECK --interval=60s --timeout=10s --start-period=90s --retries=3 CMD ["rolecall", "health"]
ENTRYPOINT ["rolecall"]
CMD ["run"]
