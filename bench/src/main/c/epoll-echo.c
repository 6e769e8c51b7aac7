/*
 * An echo server on 127.0.0.1 over epoll, on one thread: the floor that every peer is measured against. It does for each
 * message one read and one write, and one epoll_wait for all that are ready.
 *
 *     cc -O2 -o epoll-echo epoll-echo.c && ./epoll-echo PORT [BUFFER [frames]]
 *
 * With `frames` it decodes what it reads, a big-endian length of four bytes and so many bytes of payload, and encodes each
 * payload again; still all that one read has brought goes out with one write.
 */
#define _GNU_SOURCE
#include <arpa/inet.h>
#include <errno.h>
#include <netinet/tcp.h>
#include <signal.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/socket.h>
#include <unistd.h>

enum { EVENTS = 1024, HEADER = 4, LARGEST_FRAME = 1 << 16 };

struct connection {
    int fd;
    /* What the kernel has not taken yet of its echo. */
    char *unsent;
    size_t from, to;
    /* The start of a frame that is not complete. */
    char *partial;
    size_t started;
};

static char *buffer;
static char *encoded;
static size_t size = 16384;
static int frames;
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
    free(connection->partial);
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

static char *copy(const char *bytes, size_t length) {
    char *copied = malloc(length);
    if (!copied) {
        die("malloc");
    }
    return memcpy(copied, bytes, length);
}

/* Keeps what a full socket did not take, and reads no more until it is gone. */
static void keep(struct connection *connection, const char *bytes, size_t length) {
    connection->unsent = copy(bytes, length);
    connection->from = 0;
    connection->to = length;
    watch(EPOLL_CTL_MOD, connection, EPOLLOUT);
}

/* Encodes each complete frame among the bytes read, and keeps the rest. The bytes encoded; -1: these are no frames. */
static ssize_t encode(struct connection *connection, size_t read) {
    size_t at = 0;
    free(connection->partial);
    connection->partial = NULL;
    while (read - at >= HEADER) {
        uint32_t header;
        memcpy(&header, buffer + at, HEADER);
        size_t payload = ntohl(header);
        if (payload > LARGEST_FRAME) {
            return -1;
        }
        if (read - at < HEADER + payload) {
            break;
        }
        header = htonl(payload);
        memcpy(encoded + at, &header, HEADER);
        memcpy(encoded + at + HEADER, buffer + at + HEADER, payload);
        at += HEADER + payload;
    }
    connection->started = read - at;
    if (at < read) {
        connection->partial = copy(buffer + at, read - at);
    }
    return at;
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
    if (connection->started > 0) {
        memcpy(buffer, connection->partial, connection->started);
    }
    ssize_t count = read(connection->fd, buffer + connection->started, size - connection->started);
    if (count < 0 && errno == EAGAIN) {
        return;
    }
    if (count > 0 && frames) {
        count = encode(connection, connection->started + count);
        if (count == 0) {
            return;
        }
    }
    if (count <= 0) {
        end(connection);
        return;
    }
    const char *echo = frames ? encoded : buffer;
    ssize_t sent = write(connection->fd, echo, count);
    if (sent < 0 && errno != EAGAIN) {
        end(connection);
    } else if (sent < count) {
        sent = sent < 0 ? 0 : sent;
        keep(connection, echo + sent, count - sent);
    }
}

int main(int count, char **arguments) {
    /* A peer that is gone is told by the write. */
    signal(SIGPIPE, SIG_IGN);
    struct sockaddr_in address = {.sin_family = AF_INET};
    socklen_t length = sizeof address;
    struct epoll_event events[EVENTS];
    struct connection listener = {0};
    int on = 1;

    if (count < 2) {
        fprintf(stderr, "usage: epoll-echo PORT [BUFFER [frames]]\n");
        return 2;
    }
    size = count > 2 ? strtoul(arguments[2], NULL, 10) : size;
    frames = count > 3 && strcmp(arguments[3], "frames") == 0;
    if (frames && size < HEADER + LARGEST_FRAME) {
        size = HEADER + LARGEST_FRAME;
    }
    buffer = malloc(size);
    encoded = malloc(size);
    epoll = epoll_create1(EPOLL_CLOEXEC);
    listener.fd = socket(AF_INET, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);
    address.sin_port = htons(atoi(arguments[1]));
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    setsockopt(listener.fd, SOL_SOCKET, SO_REUSEADDR, &on, sizeof on);
    if (!buffer || !encoded || epoll < 0 || listener.fd < 0 || bind(listener.fd, (void *) &address, sizeof address) < 0
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
