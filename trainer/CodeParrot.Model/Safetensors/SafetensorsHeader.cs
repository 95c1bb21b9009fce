using System.Buffers.Binary;
using System.Text.Json;

namespace CodeParrot.Model.Safetensors;

/// <summary>The JSON header of a safetensors file, both ways.</summary>
internal static class SafetensorsHeader
{
    // The limit of the reference implementation: a damaged length must not make us allocate the machine's memory.
    private const long MaxHeaderBytes = 100_000_000;
    private const int LengthBytes = 8;
    private const int Alignment = 8;

    /// <summary>Length word and header for these tensors, with data laid out in this order without holes.</summary>
    public static byte[] Write(IReadOnlyList<SafetensorsEntry> entries)
    {
        using var buffer = new MemoryStream();
        buffer.SetLength(LengthBytes);
        buffer.Position = LengthBytes;
        using (var json = new Utf8JsonWriter(buffer))
        {
            json.WriteStartObject();
            json.WriteStartObject("__metadata__");
            json.WriteString("format", "pt");
            json.WriteEndObject();
            var offset = 0L;
            foreach (var (name, tensor) in entries)
            {
                var end = offset + tensor.numel() * tensor.element_size();
                json.WriteStartObject(name);
                json.WriteString("dtype", SafetensorsTypes.NameOf(tensor.dtype));
                WriteNumbers(json, "shape", tensor.shape);
                WriteNumbers(json, "data_offsets", [offset, end]);
                json.WriteEndObject();
                offset = end;
            }

            json.WriteEndObject();
        }

        // Spaces may follow the object; they keep the data aligned for readers that map the file.
        while (buffer.Length % Alignment != 0)
        {
            buffer.WriteByte((byte)' ');
        }

        var bytes = buffer.ToArray();
        BinaryPrimitives.WriteInt64LittleEndian(bytes, bytes.Length - LengthBytes);
        return bytes;
    }

    /// <summary>Reads and checks the header of a seekable stream.</summary>
    public static IReadOnlyList<SafetensorsTensor> Read(Stream stream, string file)
    {
        var fileBytes = stream.Length;
        Span<byte> lengthWord = stackalloc byte[LengthBytes];
        if (fileBytes < LengthBytes)
        {
            throw new SafetensorsException(file, null, $"has {fileBytes} bytes, too few for a safetensors file");
        }

        stream.Position = 0;
        stream.ReadExactly(lengthWord);
        var length = BinaryPrimitives.ReadUInt64LittleEndian(lengthWord);
        if (length > (ulong)Math.Min(MaxHeaderBytes, fileBytes - LengthBytes))
        {
            throw new SafetensorsException(
                file,
                null,
                $"its header claims {length} bytes, the file has {fileBytes} and the limit is {MaxHeaderBytes}: "
                    + "it is truncated or not a safetensors file"
            );
        }

        var header = new byte[length];
        stream.ReadExactly(header);
        try
        {
            using var document = JsonDocument.Parse(header);
            return Parse(document.RootElement, file, LengthBytes + (long)length, fileBytes);
        }
        catch (Exception e) when (e is JsonException or InvalidOperationException or FormatException)
        {
            throw new SafetensorsException(file, null, $"its header is not what the format asks for: {e.Message}", e);
        }
    }

    private static List<SafetensorsTensor> Parse(JsonElement root, string file, long dataStart, long fileBytes)
    {
        var tensors = new List<SafetensorsTensor>();
        var seen = new HashSet<string>(StringComparer.Ordinal);
        foreach (var property in root.EnumerateObject().Where(property => property.Name != "__metadata__"))
        {
            if (!seen.Add(property.Name))
            {
                throw new SafetensorsException(file, property.Name, "stands twice in the header");
            }

            tensors.Add(ParseTensor(property, file, dataStart, fileBytes));
        }

        return tensors;
    }

    private static SafetensorsTensor ParseTensor(JsonProperty property, string file, long dataStart, long fileBytes)
    {
        SafetensorsException Fault(string problem) => new(file, property.Name, problem);

        var (entry, dataBytes) = (property.Value, fileBytes - dataStart);
        if (
            entry.ValueKind != JsonValueKind.Object
            || !entry.TryGetProperty("dtype", out var typeName)
            || !entry.TryGetProperty("shape", out var shapeNumbers)
            || !entry.TryGetProperty("data_offsets", out var offsets)
            || offsets.GetArrayLength() != 2
        )
        {
            throw Fault("its header entry lacks dtype, shape or two data_offsets");
        }

        var name = typeName.GetString() ?? "";
        var type = SafetensorsTypes.Find(name);
        if (type is null)
        {
            throw Fault($"has the element type {name}, which is none of {SafetensorsTypes.AllNames}");
        }

        var shape = shapeNumbers.EnumerateArray().Select(number => number.GetInt64()).ToArray();
        var (begin, end) = (offsets[0].GetInt64(), offsets[1].GetInt64());
        if (begin < 0 || end < begin || end > dataBytes)
        {
            throw Fault(
                $"its data [{begin}, {end}) leaves the file's {dataBytes} bytes of data: the file is truncated"
            );
        }

        // Int128 cannot overflow within the first product that exceeds what a file can hold.
        var wanted = shape.Aggregate(
            (Int128)type.Value.Bytes,
            (bytes, size) => bytes > dataBytes ? bytes : bytes * size
        );
        if (shape.Any(size => size < 0) || wanted != end - begin)
        {
            throw Fault($"shape [{string.Join(", ", shape)}] of {name} does not take the {end - begin} bytes it has");
        }

        return new SafetensorsTensor(property.Name, type.Value.Type, shape, dataStart + begin, end - begin);
    }

    private static void WriteNumbers(Utf8JsonWriter json, string name, IEnumerable<long> numbers)
    {
        json.WriteStartArray(name);
        foreach (var number in numbers)
        {
            json.WriteNumberValue(number);
        }

        json.WriteEndArray();
    }
}
