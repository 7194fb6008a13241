package io.embedlake.local.weights;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;

/**
 * Reads the pickle of a state dict without running it: only the operations and the few names that tensors need are supported, and
 * everything else is refused. Source of the operations: Python's module pickletools. Confined to one thread.
 *
 * <p>Values become Long, Double, Boolean, String, List, Map, {@link Name}, {@link Storage}, {@link View} and {@link #NONE}.
 */
final class Pickle {
    /** Python's None. */
    static final Object NONE = new Object();

    private static final Object MARK = new Object();
    private static final int DEEPEST = 64;
    private static final String TORCH = "torch";
    private static final String STORAGE_SUFFIX = "Storage";
    private static final Map<String, ElementType> STORAGES = Map.of(
            "DoubleStorage", ElementType.F64,
            "FloatStorage", ElementType.F32,
            "HalfStorage", ElementType.F16,
            "BFloat16Storage", ElementType.BF16,
            "LongStorage", ElementType.I64,
            "IntStorage", ElementType.I32,
            "ShortStorage", ElementType.I16,
            "CharStorage", ElementType.I8,
            "ByteStorage", ElementType.U8,
            "BoolStorage", ElementType.BOOL);
    private static final Name ORDERED_DICT = new Name("collections", "OrderedDict");
    private static final Name TENSOR = new Name("torch._utils", "_rebuild_tensor_v2");
    private static final Name PARAMETER = new Name("torch._utils", "_rebuild_parameter");

    private final WeightsFile file;
    private final ByteBuffer bytes;
    private final List<Object> stack = new ArrayList<>();
    private final Map<Long, Object> memo = new HashMap<>();

    private Pickle(WeightsFile file, ByteBuffer bytes) {
        this.file = file;
        this.bytes = bytes.order(ByteOrder.LITTLE_ENDIAN);
    }

    /** Something of Python's that a pickle refers to by name. */
    record Name(String module, String name) {
        @Override
        public String toString() {
            return module + "." + name;
        }
    }

    /** The numbers that tensors are views of. */
    record Storage(String key, ElementType type, long elements) {}

    /** A tensor as a view of a storage, lengths and strides in elements. */
    record View(Storage storage, long offset, long[] shape, long[] strides) {}

    /** Reads one pickle and leaves the buffer behind it. */
    static Object read(WeightsFile file, ByteBuffer bytes) {
        try {
            return new Pickle(file, bytes).run();
        } catch (java.nio.BufferUnderflowException | IndexOutOfBoundsException | ClassCastException e) {
            throw file.refuse("its pickle is damaged");
        }
    }

    private Object run() {
        while (true) {
            int operation = bytes.get() & 0xff;
            switch (operation) {
                case 0x80 -> bytes.get(); // PROTO
                case 0x95 -> bytes.getLong(); // FRAME
                case '.' -> {
                    return pop();
                }
                case '(' -> stack.add(MARK);
                case 'N' -> stack.add(NONE);
                case 0x88 -> stack.add(true);
                case 0x89 -> stack.add(false);
                case 'J' -> stack.add((long) bytes.getInt());
                case 'K' -> stack.add((long) (bytes.get() & 0xff));
                case 'M' -> stack.add((long) (bytes.getShort() & 0xffff));
                case 0x8a -> stack.add(shortLong());
                case 'G' -> stack.add(Double.longBitsToDouble(Long.reverseBytes(bytes.getLong())));
                case 'X' -> stack.add(text(bytes.getInt()));
                case 'T' -> stack.add(text(bytes.getInt()));
                case 0x8c, 'U' -> stack.add(text(bytes.get() & 0xff));
                case '}' -> stack.add(new LinkedHashMap<>());
                case ']' -> stack.add(new ArrayList<>());
                case ')' -> stack.add(List.of());
                case 't' -> stack.add(popToMark());
                case 0x85 -> stack.add(popLast(1));
                case 0x86 -> stack.add(popLast(2));
                case 0x87 -> stack.add(popLast(3));
                case 'a' -> {
                    Object value = pop();
                    list(top()).add(value);
                }
                case 'e' -> {
                    List<Object> values = popToMark();
                    list(top()).addAll(values);
                }
                case 's' -> {
                    List<Object> pair = popLast(2);
                    put(map(top()), pair.get(0), pair.get(1));
                }
                case 'u' -> {
                    List<Object> pairs = popToMark();
                    for (int i = 0; i < pairs.size(); i += 2) {
                        put(map(top()), pairs.get(i), pairs.get(i + 1));
                    }
                }
                case 'q' -> memo.put((long) (bytes.get() & 0xff), top());
                case 'r' -> memo.put((long) bytes.getInt(), top());
                case 0x94 -> memo.put((long) memo.size(), top());
                case 'h' -> stack.add(remembered(bytes.get() & 0xff));
                case 'j' -> stack.add(remembered(bytes.getInt()));
                case 'c' -> stack.add(known(new Name(line(), line())));
                case 0x93 -> {
                    List<Object> name = popLast(2);
                    stack.add(known(new Name((String) name.get(0), (String) name.get(1))));
                }
                case 'Q' -> stack.add(storage(pop()));
                case 'R' -> {
                    List<Object> call = popLast(2);
                    stack.add(call((Name) call.get(0), list(call.get(1))));
                }
                case 'b' -> build();
                default ->
                    throw file.refuse("its pickle has the operation 0x" + Integer.toHexString(operation)
                            + ", which no state dict needs");
            }
        }
    }

    /** The only names that are not refused. */
    private Name known(Name name) {
        boolean isStorage = name.module.equals(TORCH) && STORAGES.containsKey(name.name);
        if (isStorage || name.equals(ORDERED_DICT) || name.equals(TENSOR) || name.equals(PARAMETER)) {
            return name;
        }
        throw file.refuse("its pickle asks for " + name
                + ", and a pickle is read only as far as it holds plain tensors;" + " nothing of it was run");
    }

    private Object call(Name name, List<Object> arguments) {
        if (name.equals(ORDERED_DICT)) {
            Map<Object, Object> map = new LinkedHashMap<>();
            if (!arguments.isEmpty()) {
                list(arguments.get(0))
                        .forEach(pair -> put(map, list(pair).get(0), list(pair).get(1)));
            }
            return map;
        }
        if (name.equals(PARAMETER)) {
            return (View) arguments.get(0);
        }
        if (name.equals(TENSOR)) {
            return new View(
                    (Storage) arguments.get(0),
                    (Long) arguments.get(1),
                    numbers(arguments.get(2)),
                    numbers(arguments.get(3)));
        }
        throw file.refuse("its pickle calls " + name + "; nothing of it was run");
    }

    /** {@code ('storage', type, key, location, elements)}, in the older layout with a view of a view behind it. */
    private Storage storage(Object id) {
        List<Object> parts = list(id);
        Name type = (Name) parts.get(1);
        boolean isView = parts.size() > 5 && parts.get(5) != NONE;
        if (!"storage".equals(parts.get(0)) || isView || !type.name.endsWith(STORAGE_SUFFIX)) {
            throw file.refuse("its pickle refers to something that is no storage of its own");
        }
        long elements = (Long) parts.get(4);
        if (elements < 0 || elements > file.size()) {
            throw file.refuse("its pickle has a storage of " + elements + " numbers, more than the file has bytes");
        }
        return new Storage((String) parts.get(2), STORAGES.get(type.name), elements);
    }

    /** The attributes of a state dict, such as its {@code _metadata}, say nothing of tensors and are left out. */
    private void build() {
        pop();
        map(top());
    }

    private long shortLong() {
        int length = bytes.get() & 0xff;
        if (length > Long.BYTES) {
            bytes.position(bytes.position() + length);
            return Long.MIN_VALUE;
        }
        long value = 0;
        for (int i = 0; i < length; i++) {
            long next = i == length - 1 ? bytes.get() : bytes.get() & 0xff;
            value |= next << (8 * i);
        }
        return value;
    }

    private String text(int length) {
        if (length < 0 || length > bytes.remaining()) {
            throw file.refuse("its pickle is damaged");
        }
        byte[] text = new byte[length];
        bytes.get(text);
        return new String(text, StandardCharsets.UTF_8);
    }

    private String line() {
        int start = bytes.position();
        while (bytes.get() != '\n') {
            // Up to the end of the line.
        }
        byte[] text = new byte[bytes.position() - start - 1];
        bytes.get(start, text);
        return new String(text, StandardCharsets.UTF_8);
    }

    private Object top() {
        return stack.get(stack.size() - 1);
    }

    private Object pop() {
        return stack.remove(stack.size() - 1);
    }

    private List<Object> popLast(int count) {
        List<Object> from = stack.subList(stack.size() - count, stack.size());
        List<Object> values = new ArrayList<>(from);
        from.clear();
        return values;
    }

    private List<Object> popToMark() {
        List<Object> values = popLast(stack.size() - 1 - stack.lastIndexOf(MARK));
        pop();
        return values;
    }

    private Object remembered(long place) {
        Object value = memo.get(place);
        if (value == null) {
            throw file.refuse("its pickle is damaged");
        }
        return value;
    }

    @SuppressWarnings("unchecked")
    private static List<Object> list(Object value) {
        return (List<Object>) value;
    }

    @SuppressWarnings("unchecked")
    private static Map<Object, Object> map(Object value) {
        return (Map<Object, Object>) value;
    }

    /** Keys are text, so that no hash is taken of a value that holds itself. */
    private static void put(Map<Object, Object> map, Object key, Object value) {
        map.put((String) key, value);
    }

    private static long[] numbers(Object values) {
        return list(values).stream().mapToLong(value -> (Long) value).toArray();
    }

    /** How many elements of its storage a view needs; nothing when its numbers are impossible. */
    static OptionalLong needed(View view) {
        boolean isOdd = view.offset < 0 || view.shape.length != view.strides.length || view.shape.length > DEEPEST;
        OptionalLong elements = Shapes.elements(view.shape);
        if (isOdd || elements.isEmpty()) {
            return OptionalLong.empty();
        }
        if (elements.getAsLong() == 0) {
            return OptionalLong.of(view.offset);
        }
        try {
            long last = view.offset;
            for (int i = 0; i < view.shape.length; i++) {
                if (view.strides[i] < 0) {
                    return OptionalLong.empty();
                }
                last = Math.addExact(last, Math.multiplyExact(view.shape[i] - 1, view.strides[i]));
            }
            return OptionalLong.of(Math.addExact(last, 1));
        } catch (ArithmeticException e) {
            return OptionalLong.empty();
        }
    }
}
