# The daemon as a container: see docs/install.md. Built and tried by scripts/build-image.mjs.

# the full version: a rebuild gives the same Node, whose binary interface the native parts are built for
ARG NODE=20.20.2-trixie-slim

FROM node:${NODE} AS build
# for machines that better-sqlite3 has no prebuilt part for
RUN apt-get update \
  && apt-get install -y --no-install-recommends g++ make python3 \
  && rm -rf /var/lib/apt/lists/*
WORKDIR /build
COPY package.json package-lock.json ./
RUN npm ci --ignore-scripts --no-audit --no-fund && npm rebuild better-sqlite3
COPY datasets datasets
COPY scripts scripts
COPY src src
RUN npm run build && npm prune --omit=dev --ignore-scripts --no-audit --no-fund

FROM node:${NODE}
# tini reaps what programs of exec sources leave behind; gpiod reads GPIO lines
RUN apt-get update \
  && apt-get install -y --no-install-recommends gpiod tini \
  && rm -rf /var/lib/apt/lists/* /usr/local/lib/node_modules /usr/local/bin/npm /usr/local/bin/npx \
  && install -d -o 10001 -g 10001 -m 700 /var/lib/sentigon \
  && install -d /etc/sentigon
COPY LICENSE package.json /opt/sentigon/
COPY --from=build /build/dist /opt/sentigon/dist
COPY --from=build /build/datasets /opt/sentigon/datasets
COPY --from=build /build/node_modules /opt/sentigon/node_modules
RUN ln -s /opt/sentigon/dist/main.js /usr/local/bin/sentigon

# as in systemd/sentigon.service
ENV MALLOC_ARENA_MAX=1 MALLOC_MMAP_THRESHOLD_=32768
ENV NODE_ENV=production STATE_DIRECTORY=/var/lib/sentigon
# by number, so that Kubernetes can see that it is not root
USER 10001:10001
VOLUME /var/lib/sentigon
# a sentigon.yaml here is used; nothing is written to it
WORKDIR /etc/sentigon
# fails when the daemon does not answer; what is wrong otherwise is for people, and not for a restart
HEALTHCHECK --interval=60s --timeout=30s --start-period=60s --retries=3 \
  CMD ["sentigon", "ctl", "health_check"]
ENTRYPOINT ["tini", "--", "sentigon"]
CMD ["run"]
