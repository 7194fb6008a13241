package io.embedlake.remote.limit.remote;

import io.embedlake.remote.limit.Ask;
import io.embedlake.remote.limit.Cost;
import io.embedlake.remote.limit.Lease;
import io.embedlake.remote.limit.Limits;
import io.embedlake.remote.limit.Permit;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;

/** Asks and leases as bytes, so that transports need not load the classes and readers create no other ones. Stateless. */
public final class LeaseCodec {
    private static final int MOST = 1 << 16;
    private static final long NO_LIMIT = -1;

    private LeaseCodec() {}

    /** An ask, the run that sends and the name of the limit that it is about. */
    public record Addressed(String run, String limit, Ask ask) {}

    private interface Writer {
        void write(DataOutputStream out) throws IOException;
    }

    private interface Reader<T> {
        T read(DataInputStream in) throws IOException;
    }

    /** The bytes of an ask. */
    public static byte[] bytes(String run, String limit, Ask ask) {
        return written(out -> {
            out.writeUTF(run);
            out.writeUTF(limit);
            out.writeUTF(ask.holder());
            out.writeInt(ask.wants().size());
            for (Cost want : ask.wants()) {
                write(out, want);
            }
            out.writeBoolean(ask.refusal().isPresent());
            if (ask.refusal().isPresent()) {
                out.writeLong(ask.refusal().get().sentNanos());
                out.writeLong(ask.refusal().get().waitNanos());
            }
            write(out, ask.learnt().requests());
            write(out, ask.learnt().tokens());
            write(out, ask.learnt().inputs());
            out.writeLong(ask.extraTokens());
            out.writeLong(ask.freeTokens());
            out.writeLong(ask.leewayNanos());
        });
    }

    /** The ask of these bytes. */
    public static Addressed ask(byte[] bytes) {
        return read(bytes, in -> {
            String run = in.readUTF();
            String limit = in.readUTF();
            String holder = in.readUTF();
            List<Cost> wants = new ArrayList<>();
            for (int left = count(in); left > 0; left--) {
                wants.add(cost(in));
            }
            Optional<Ask.Refusal> refusal =
                    in.readBoolean() ? Optional.of(new Ask.Refusal(in.readLong(), in.readLong())) : Optional.empty();
            Limits learnt = new Limits(limit(in), limit(in), limit(in));
            return new Addressed(
                    run, limit, new Ask(holder, wants, refusal, learnt, in.readLong(), in.readLong(), in.readLong()));
        });
    }

    /** The bytes of a lease. */
    public static byte[] bytes(Lease lease) {
        return written(out -> {
            out.writeLong(lease.nowNanos());
            out.writeInt(lease.permits().size());
            for (Permit permit : lease.permits()) {
                out.writeLong(permit.fromNanos());
                out.writeLong(permit.untilNanos());
                write(out, permit.cost());
            }
            out.writeLong(lease.pausedUntilNanos());
            out.writeLong(lease.againNanos());
            out.writeBoolean(lease.isSpent());
        });
    }

    /** The lease of these bytes. */
    public static Lease lease(byte[] bytes) {
        return read(bytes, in -> {
            long now = in.readLong();
            List<Permit> permits = new ArrayList<>();
            for (int left = count(in); left > 0; left--) {
                permits.add(new Permit(in.readLong(), in.readLong(), cost(in)));
            }
            return new Lease(now, permits, in.readLong(), in.readLong(), in.readBoolean());
        });
    }

    private static byte[] written(Writer writer) {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try (DataOutputStream out = new DataOutputStream(bytes)) {
            writer.write(out);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return bytes.toByteArray();
    }

    private static <T> T read(byte[] bytes, Reader<T> reader) {
        try (DataInputStream in = new DataInputStream(new ByteArrayInputStream(bytes))) {
            T value = reader.read(in);
            if (in.read() >= 0) {
                throw new IOException("more bytes than a message has");
            }
            return value;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static int count(DataInputStream in) throws IOException {
        int count = in.readInt();
        if (count < 0 || count > MOST) {
            throw new IOException("a message with " + count + " entries");
        }
        return count;
    }

    private static void write(DataOutputStream out, Cost cost) throws IOException {
        out.writeLong(cost.requests());
        out.writeLong(cost.tokens());
        out.writeLong(cost.inputs());
    }

    private static Cost cost(DataInputStream in) throws IOException {
        return new Cost(in.readLong(), in.readLong(), in.readLong());
    }

    private static void write(DataOutputStream out, OptionalLong limit) throws IOException {
        out.writeLong(limit.orElse(NO_LIMIT));
    }

    private static OptionalLong limit(DataInputStream in) throws IOException {
        long limit = in.readLong();
        return limit == NO_LIMIT ? OptionalLong.empty() : OptionalLong.of(limit);
    }
}
