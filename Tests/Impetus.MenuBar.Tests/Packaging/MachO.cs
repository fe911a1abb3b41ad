using System.Text;
using static System.Buffers.Binary.BinaryPrimitives;

namespace Impetus.MenuBar.Tests.Packaging;

/// <summary>The header and load commands of a 64-bit Mach-O file (mach-o/loader.h): all that decides whether a Mac can load it.</summary>
/// <param name="Processor">Such as <see cref="Arm64"/>.</param>
/// <param name="Libraries">What it needs, by the names that the loader looks for.</param>
/// <param name="SearchPaths">Where <c>@rpath</c> leads.</param>
/// <param name="MinimumSystem">The oldest macOS that it runs on; null if it does not say.</param>
internal sealed record MachO(uint Processor, IReadOnlyList<string> Libraries, IReadOnlyList<string> SearchPaths, Version? MinimumSystem)
{
    public const uint Arm64 = 0x0100_000C;

    private const uint Magic = 0xFEED_FACF;
    private const int HeaderSize = 32;
    private const uint LoadLibrary = 0xC, LoadWeakLibrary = 0x8000_0018, ReexportLibrary = 0x8000_001F, SearchPath = 0x8000_001C, BuildVersion = 0x32, MinimumVersion = 0x24;

    /// <summary>Reads a file; null if it is no Mach-O file.</summary>
    /// <exception cref="InvalidDataException">It is one for several processors, or broken.</exception>
    public static MachO? Read(string path)
    {
        byte[] bytes = File.ReadAllBytes(path);
        if (bytes.Length < HeaderSize || ReadUInt32BigEndian(bytes) is 0xCAFE_BABE or 0xCAFE_BABF)
            return bytes.Length < HeaderSize ? null : throw new InvalidDataException($"{path} is for several processors.");
        if (ReadUInt32LittleEndian(bytes) != Magic)
            return null;
        var libraries = new List<string>();
        var paths = new List<string>();
        Version? minimum = null;
        int at = HeaderSize;
        for (uint left = ReadUInt32LittleEndian(bytes.AsSpan(16)); left > 0; left--)
        {
            var command = bytes.AsSpan(at);
            switch (ReadUInt32LittleEndian(command))
            {
                case LoadLibrary or LoadWeakLibrary or ReexportLibrary:
                    libraries.Add(Text(command));
                    break;
                case SearchPath:
                    paths.Add(Text(command));
                    break;
                case BuildVersion:
                    minimum = Packed(ReadUInt32LittleEndian(command[12..]));
                    break;
                case MinimumVersion:
                    minimum = Packed(ReadUInt32LittleEndian(command[8..]));
                    break;
            }

            int size = (int)ReadUInt32LittleEndian(command[4..]);
            at += size >= 8 ? size : throw new InvalidDataException($"{path} has a load command of {size} bytes.");
        }

        return new(ReadUInt32LittleEndian(bytes.AsSpan(4)), libraries, paths, minimum);
    }

    // The offset of the text comes first in all commands that have one.
    private static string Text(ReadOnlySpan<byte> command)
    {
        var text = command[(int)ReadUInt32LittleEndian(command[8..])..(int)ReadUInt32LittleEndian(command[4..])];
        int end = text.IndexOf((byte)0);
        return Encoding.UTF8.GetString(end < 0 ? text : text[..end]);
    }

    private static Version Packed(uint version) => new((int)(version >> 16), (int)(version >> 8 & 0xFF));
}
