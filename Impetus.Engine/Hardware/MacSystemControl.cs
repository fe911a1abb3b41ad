using System.Runtime.InteropServices;

namespace Impetus.Engine.Hardware;

/// <summary>Asks macOS itself (sysctlbyname(3)).</summary>
public sealed unsafe partial class MacSystemControl : ISystemControl
{
    /// <inheritdoc/>
    public string? Text(string name)
    {
        nuint size = 0;
        if (SystemControl(name, null, ref size, 0, 0) != 0 || size is 0 or > 4096)
            return null;
        byte* bytes = stackalloc byte[(int)size];
        return SystemControl(name, bytes, ref size, 0, 0) == 0 ? Marshal.PtrToStringUTF8((nint)bytes) : null;
    }

    /// <inheritdoc/>
    public long? Number(string name)
    {
        // Values of four bytes fill the lower half: Macs are little-endian.
        long value = 0;
        nuint size = sizeof(long);
        return SystemControl(name, (byte*)&value, ref size, 0, 0) == 0 ? value : null;
    }

    [LibraryImport("libSystem.dylib", EntryPoint = "sysctlbyname", StringMarshalling = StringMarshalling.Utf8)]
    private static partial int SystemControl(string name, byte* value, ref nuint size, nint newValue, nuint newSize);
}
