package io.embedlake.local.weights;

import io.embedlake.spi.EmbedlakeException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import java.util.Set;
import java.util.TreeMap;

/**
 * A state dict that {@code torch.save} wrote, in the layout of a zip archive or the older one of pickles one after the other.
 * The pickles are read, never run ({@link Pickle}). Source of both layouts: torch/serialization.py.
 *
 * @param starts where the numbers of each storage begin in the file
 */
record TorchFile(WeightsFile file, Map<String, Pickle.View> views, Map<String, Long> starts) implements Weights {
    private static final String PICKLE = "data.pkl";
    private static final byte[] LEGACY_MAGIC = {(byte) 0x80, 2, (byte) 0x8a, 10};
    private static final int PICKLES_BEFORE_THE_DICT = 3;

    /**
     * Opens a file.
     *
     * @throws EmbedlakeException {@link io.embedlake.spi.ErrorKind#CONFIGURATION} when it is damaged or holds more than
     *     tensors
     */
    static TorchFile open(Path path) {
        WeightsFile file = WeightsFile.of(path);
        return StoredZip.open(file).map(zip -> archive(file, zip)).orElseGet(() -> legacy(file));
    }

    @Override
    public Set<String> names() {
        return Collections.unmodifiableSet(views.keySet());
    }

    @Override
    public Tensor tensor(String name) {
        Pickle.View view = views.get(name);
        if (view == null) {
            throw new IllegalArgumentException("no tensor " + name + " in " + file.path());
        }
        ElementType type = view.storage().type();
        long start = starts.get(view.storage().key());
        boolean isContiguous = java.util.Arrays.equals(view.strides(), Shapes.contiguousStrides(view.shape()));
        long elements = Shapes.elements(view.shape()).orElseThrow();
        if (isContiguous || elements <= 1) {
            long from = start + view.offset() * type.bytes();
            return new Tensor(name, type, view.shape(), file.map(from, elements * type.bytes(), "the tensor " + name));
        }
        ByteBuffer storage = file.map(start, view.storage().elements() * type.bytes(), "the tensor " + name);
        return new Tensor(name, type, view.shape(), gathered(view, storage, Math.toIntExact(elements)));
    }

    private static TorchFile archive(WeightsFile file, StoredZip zip) {
        String pickle = zip.names().stream()
                .filter(name -> name.equals(PICKLE) || name.endsWith("/" + PICKLE))
                .findFirst()
                .orElseThrow(() -> file.refuse("it is an archive without a " + PICKLE));
        String folder = pickle.substring(0, pickle.length() - PICKLE.length());
        if (zip.has(folder + "byteorder")
                && !StandardCharsets.US_ASCII
                        .decode(zip.bytes(folder + "byteorder"))
                        .toString()
                        .equals("little")) {
            throw file.refuse("its numbers are not little-endian");
        }
        Map<String, Pickle.View> views = views(file, Pickle.read(file, zip.bytes(pickle)));
        Map<String, Long> starts = new HashMap<>();
        views.forEach((name, view) -> {
            String entry = folder + "data/" + view.storage().key();
            long length = view.storage().elements() * view.storage().type().bytes();
            if (!zip.has(entry) || zip.length(entry) < length) {
                throw file.refuse("the tensor " + name + " needs " + length + " bytes of the entry " + entry
                        + ", which does not have them");
            }
            starts.put(view.storage().key(), zip.start(entry));
        });
        return new TorchFile(file, views, starts);
    }

    /** Pickles of a magic number, a version, the system, the dict and the storages' keys; then each storage's length and data. */
    private static TorchFile legacy(WeightsFile file) {
        if (file.size() < LEGACY_MAGIC.length) {
            throw file.refuse("it has " + file.size() + " bytes");
        }
        byte[] first = new byte[LEGACY_MAGIC.length];
        file.map(0, first.length, "its first bytes").get(first);
        if (!java.util.Arrays.equals(first, LEGACY_MAGIC)) {
            throw file.refuse("it is neither an archive of PyTorch's nor its older layout; nothing of it was run");
        }
        ByteBuffer bytes = file.map(0, Math.min(file.size(), Integer.MAX_VALUE), "the file");
        for (int i = 0; i < PICKLES_BEFORE_THE_DICT; i++) {
            Pickle.read(file, bytes);
        }
        Map<String, Pickle.View> views = views(file, Pickle.read(file, bytes));
        Map<String, Pickle.Storage> storages = new HashMap<>();
        views.values().forEach(view -> storages.put(view.storage().key(), view.storage()));
        Map<String, Long> starts = new HashMap<>();
        long at = -1;
        for (Object key : keys(file, Pickle.read(file, bytes))) {
            at = at < 0 ? bytes.position() : at;
            long elements = file.map(at, Long.BYTES, "the storage " + key).getLong(0);
            Pickle.Storage storage = storages.get(key);
            if (storage == null || storage.elements() != elements) {
                throw file.refuse("the storage " + key + " is of no tensor, or its two lengths differ");
            }
            starts.put((String) key, at + Long.BYTES);
            at += Long.BYTES + elements * storage.type().bytes();
        }
        if (at > file.size() || !starts.keySet().containsAll(storages.keySet())) {
            throw file.refuse("it is cut off: numbers of its tensors are missing");
        }
        return new TorchFile(file, views, starts);
    }

    private static List<?> keys(WeightsFile file, Object keys) {
        if (keys instanceof List<?> list && list.stream().allMatch(String.class::isInstance)) {
            return list;
        }
        throw file.refuse("it has no list of its storages");
    }

    /** The tensors of a state dict. Plain values beside them, such as counters, are no weights. */
    private static Map<String, Pickle.View> views(WeightsFile file, Object dict) {
        if (!(dict instanceof Map<?, ?> map)) {
            throw file.refuse("it holds no state dict");
        }
        Map<String, Pickle.View> views = new TreeMap<>();
        map.forEach((name, value) -> {
            if (value instanceof Pickle.View view) {
                OptionalLong needed = Pickle.needed(view);
                boolean isOutside =
                        needed.isEmpty() || needed.getAsLong() > view.storage().elements();
                if (isOutside
                        || Shapes.elements(view.shape()).getAsLong()
                                > view.storage().elements()) {
                    throw file.refuse("the tensor " + name + " lies outside of its storage, or repeats parts of it");
                }
                views.put((String) name, view);
            }
        });
        if (views.isEmpty()) {
            throw file.refuse("its state dict holds no tensor");
        }
        return views;
    }

    /** The elements of a view with gaps or turned axes, one after the other. */
    private static ByteBuffer gathered(Pickle.View view, ByteBuffer storage, int elements) {
        int size = view.storage().type().bytes();
        ByteBuffer gathered =
                ByteBuffer.allocateDirect(Math.multiplyExact(elements, size)).order(ByteOrder.LITTLE_ENDIAN);
        long[] index = new long[view.shape().length];
        byte[] element = new byte[size];
        for (int i = 0; i < elements; i++) {
            long at = view.offset();
            for (int axis = 0; axis < index.length; axis++) {
                at += index[axis] * view.strides()[axis];
            }
            storage.get(Math.toIntExact(at * size), element);
            gathered.put(element);
            for (int axis = index.length - 1; axis >= 0 && ++index[axis] == view.shape()[axis]; axis--) {
                index[axis] = 0;
            }
        }
        return gathered.flip();
    }
}
