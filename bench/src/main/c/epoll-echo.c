/*
 * An echo server on 127.0.0.1 over epoll, on one thread: the floor that every peer is measured against. It does for each
 * message one read and one write, and one epoll_wait for all that are ready.
 *
 *     cc -O2 -o epoll-echo epoll-echo.c && ./epoll-echo PORT [BUFFER]
 */
#define _GNU_SOURCE
#include <arpa/inet.h>
#include <errno.h>
#include <netinet/tcp.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/socket.h>
#include <unistd.h>

enum { EVENTS = 1024 };

/* What the kernel has not taken yet of a connection's echo. */
struct connection {
    int fd;
    char *unsent;
    size_t from, to;
};

static char *buffer;
static size_t size = 16384;
static int epoll;

static void die(const char *what) {
    perror(what);
    exit(1);
}

static void watch(int operation, struct connection *connection, unsigned events) {
    struct epoll_event event = {.events = events, .data.ptr = connection};
    if (epoll_ctl(epoll, operation, connection->fd, &event) < 0) {
        die("epoll_ctl");
    }
}

static void end(struct connection *connection) {
    close(connection->fd);
    free(connection->unsent);
    free(connection);
}

static void accepted(int fd) {
    int on = 1;
    struct connection *connection = calloc(1, sizeof *connection);
    if (!connection) {
        die("calloc");
    }
    setsockopt(fd, IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
    connection->fd = fd;
    watch(EPOLL_CTL_ADD, connection, EPOLLIN);
}

/* Keeps what a full socket did not take, and reads no more until it is gone. */
static void keep(struct connection *connection, size_t from, size_t to) {
    connection->unsent = malloc(size);
    if (!connection->unsent) {
        die("malloc");
    }
    memcpy(connection->unsent, buffer + from, to - from);
    connection->from = 0;
    connection->to = to - from;
    watch(EPOLL_CTL_MOD, connection, EPOLLOUT);
}

static void writable(struct connection *connection) {
    ssize_t count = write(connection->fd, connection->unsent + connection->from, connection->to - connection->from);
    if (count < 0) {
        if (errno != EAGAIN) {
            end(connection);
        }
        return;
    }
    connection->from += count;
    if (connection->from == connection->to) {
        free(connection->unsent);
        connection->unsent = NULL;
        watch(EPOLL_CTL_MOD, connection, EPOLLIN);
    }
}

static void readable(struct connection *connection) {
    ssize_t count = read(connection->fd, buffer, size);
    if (count < 0 && errno == EAGAIN) {
        return;
    }
    if (count <= 0) {
        end(connection);
        return;
    }
    ssize_t sent = write(connection->fd, buffer, count);
    if (sent < 0 && errno != EAGAIN) {
        end(connection);
    } else if (sent < count) {
        keep(connection, sent < 0 ? 0 : sent, count);
    }
}

int main(int count, char **arguments) {
    struct sockaddr_in address = {.sin_family = AF_INET};
    socklen_t length = sizeof address;
    struct epoll_event events[EVENTS];
    struct connection listener = {0};
    int on = 1;

    if (count < 2) {
        fprintf(stderr, "usage: epoll-echo PORT [BUFFER]\n");
        return 2;
    }
    size = count > 2 ? strtoul(arguments[2], NULL, 10) : size;
    buffer = malloc(size);
    epoll = epoll_create1(EPOLL_CLOEXEC);
    listener.fd = socket(AF_INET, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);
    address.sin_port = htons(atoi(arguments[1]));
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    setsockopt(listener.fd, SOL_SOCKET, SO_REUSEADDR, &on, sizeof on);
    if (!buffer || epoll < 0 || listener.fd < 0 || bind(listener.fd, (void *) &address, sizeof address) < 0
            || listen(listener.fd, 1024) < 0 || getsockname(listener.fd, (void *) &address, &length) < 0) {
        die("listen");
    }
    watch(EPOLL_CTL_ADD, &listener, EPOLLIN);
    printf("listening 127.0.0.1:%d peer=c-epoll threads=1 buffer=%zu pid=%d\n", ntohs(address.sin_port), size,
            (int) getpid());
    fflush(stdout);
    for (;;) {
        int ready = epoll_wait(epoll, events, EVENTS, -1);
        for (int i = 0; i < ready; i++) {
            struct connection *connection = events[i].data.ptr;
            if (connection == &listener) {
                int fd = accept4(listener.fd, NULL, NULL, SOCK_NONBLOCK | SOCK_CLOEXEC);
                if (fd >= 0) {
                    accepted(fd);
                }
            } else if (connection->unsent) {
                writable(connection);
            } else {
                readable(connection);
            }
        }
    }
}
