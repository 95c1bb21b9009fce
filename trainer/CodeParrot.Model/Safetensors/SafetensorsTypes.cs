using static TorchSharp.torch;

namespace CodeParrot.Model.Safetensors;

/// <summary>Element types by their names in the format.</summary>
internal static class SafetensorsTypes
{
    private static readonly (string Name, ScalarType Type, int Bytes)[] _types =
    [
        ("F32", ScalarType.Float32, 4),
        ("F16", ScalarType.Float16, 2),
        ("BF16", ScalarType.BFloat16, 2),
        ("F64", ScalarType.Float64, 8),
        ("I64", ScalarType.Int64, 8),
        ("I32", ScalarType.Int32, 4),
        ("I16", ScalarType.Int16, 2),
        ("I8", ScalarType.Int8, 1),
        ("U8", ScalarType.Byte, 1),
        ("BOOL", ScalarType.Bool, 1),
    ];

    /// <summary>Names of all types, for messages.</summary>
    public static string AllNames => string.Join(", ", _types.Select(type => type.Name));

    /// <summary>Type and element size of a name, or null if the name is unknown.</summary>
    public static (ScalarType Type, int Bytes)? Find(string name)
    {
        var found = Array.Find(_types, type => type.Name == name);
        return found.Name is null ? null : (found.Type, found.Bytes);
    }

    /// <summary>The format's name of a type.</summary>
    /// <exception cref="NotSupportedException">The format has none that we write.</exception>
    public static string NameOf(ScalarType type)
    {
        var found = Array.Find(_types, candidate => candidate.Type == type);
        return found.Name ?? throw new NotSupportedException($"safetensors cannot hold {type}; it holds {AllNames}");
    }
}
