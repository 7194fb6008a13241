package io.embedlake.local.hub;

import io.embedlake.local.hub.FakeHub.Fault;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;

/** What may be wrong with the answers of a hub. Thread-safe. */
final class Faults {
    private Faults() {}

    /** The first answers for a file, or all of a kind when it is empty, are this status. */
    static Fault status(String method, String file, int times, int status, Map<String, String> headers) {
        AtomicInteger left = new AtomicInteger(times);
        return (call, exchange, body) -> {
            if (!call.isFor(method, file) || left.getAndDecrement() <= 0) {
                return false;
            }
            FakeHub.refuse(exchange, status, headers);
            return true;
        };
    }

    /** The first downloads of a file end after so many bytes. */
    static Fault cut(String file, int bytes, int times) {
        AtomicInteger left = new AtomicInteger(times);
        return (call, exchange, body) -> {
            if (!isDownload(call, file) || left.getAndDecrement() <= 0) {
                return false;
            }
            FakeHub.cut(exchange, body.orElseThrow(), FakeHub.from(call), bytes);
            return true;
        };
    }

    /** The first downloads of a file bring one wrong byte. */
    static Fault damaged(String file, int times) {
        AtomicInteger left = new AtomicInteger(times);
        return (call, exchange, body) -> {
            if (!isDownload(call, file) || left.getAndDecrement() <= 0) {
                return false;
            }
            byte[] wrong = body.orElseThrow().clone();
            wrong[wrong.length - 1] ^= 1;
            FakeHub.cut(exchange, wrong, 0, wrong.length);
            return true;
        };
    }

    /** Downloads of a file start from its first byte, whatever is asked for. */
    static Fault noRanges(String file) {
        return (call, exchange, body) -> {
            if (!isDownload(call, file)) {
                return false;
            }
            FakeHub.cut(exchange, body.orElseThrow(), 0, body.get().length);
            return true;
        };
    }

    /** The first download of a file stops after so many bytes, until the latch opens; then it goes on. */
    static Fault held(String file, int bytes, CountDownLatch latch) {
        AtomicInteger left = new AtomicInteger(1);
        return (call, exchange, body) -> {
            if (!isDownload(call, file) || left.getAndDecrement() <= 0) {
                return false;
            }
            byte[] whole = body.orElseThrow();
            FakeHub.cut(exchange, whole, 0, bytes);
            try {
                latch.await();
                exchange.getResponseBody().write(whole, bytes, whole.length - bytes);
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
            return true;
        };
    }

    private static boolean isDownload(FakeHub.Call call, String file) {
        return call.isFor("GET", file) && call.server().equals(FakeRepository.isLarge(file) ? "storage" : "hub");
    }
}
