# The image of campaign-wf: docker build --tag campaign-wf .
# For a build that can be repeated, pin the base: --build-arg NODE_IMAGE=docker.io/library/node:24-bookworm-slim@sha256:…
ARG NODE_IMAGE=docker.io/library/node:24-bookworm-slim

FROM ${NODE_IMAGE} AS base
WORKDIR /app
RUN echo 'campaign-wf:x:10001:10001:campaign-wf:/app:/usr/sbin/nologin' >>/etc/passwd && \
    echo 'campaign-wf:x:10001:' >>/etc/group

FROM base AS dependencies
COPY package.json package-lock.json ./
RUN npm ci --omit=dev --ignore-scripts --no-audit --no-fund

# The bundle and the compile cache. Without settings the bot prints what is missing, and ends with code 2. The compile cache
# counts for one user ID only, so the user is that of the final image.
FROM dependencies AS bundle
COPY start start
COPY src src
RUN mkdir dist && chown 10001:10001 dist
USER 10001:10001
RUN node --max-semi-space-size=8 --disable-warning=ExperimentalWarning start/main.js 2>/tmp/start; \
    test $? -eq 2 && ls dist/campaign-wf-*.js || { cat /tmp/start; exit 1; }; \
    NODE_COMPILE_CACHE=dist/compile-cache node --disable-warning=ExperimentalWarning src/audit.ts --help >/dev/null && \
    NODE_COMPILE_CACHE=dist/compile-cache node --no-warnings start/doctor.js --help >/dev/null && \
    chmod -R a+rX dist

# The bundler is optional, and not needed any more.
FROM dependencies AS production
RUN npm prune --omit=dev --omit=optional --ignore-scripts --no-audit --no-fund

FROM base
ENV NODE_ENV=production
COPY --from=production /app/node_modules node_modules
COPY --from=bundle --chown=0:0 /app/dist dist
COPY LICENSE package.json package-lock.json ./
COPY start start
COPY src src
RUN mkdir -m 0700 data && chown 10001:10001 data
# The ledger, where it is a SQLite file. All the rest can be read-only.
VOLUME ["/app/data"]
EXPOSE 3000
USER 10001:10001
STOPSIGNAL SIGTERM
HEALTHCHECK --interval=30s --timeout=5s --start-period=30s CMD ["node", "start/healthcheck.js"]
ARG VERSION=unknown
ARG REVISION=unknown
LABEL org.opencontainers.image.title="campaign-wf" \
      org.opencontainers.image.description="Start, pause, resume and stop Adobe Campaign workflows from Slack" \
      org.opencontainers.image.licenses="MIT" \
      org.opencontainers.image.version="${VERSION}" \
      org.opencontainers.image.revision="${REVISION}"
ENTRYPOINT []
CMD ["node", "--max-semi-space-size=8", "--disable-warning=ExperimentalWarning", "start/main.js"]
