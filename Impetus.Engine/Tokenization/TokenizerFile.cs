using System.Buffers;
using System.IO.Compression;
using System.Text;
using System.Text.Json;
using System.Text.Unicode;

namespace Impetus.Engine.Tokenization;

/// <summary>Reads <c>tokenizer.json</c> files.</summary>
internal static class TokenizerFile
{
    /// <summary>The largest file read, in bytes; the largest in use have 34 million.</summary>
    public const int MaxBytes = 256 << 20;

    public static HfTokenizer Load(string fileOrFolder)
    {
        string path = Find(fileOrFolder);
        return Parse(Read(path), path);
    }

    /// <summary>A tokenizer from a file's content; the name is for messages.</summary>
    public static HfTokenizer Parse(ReadOnlyMemory<byte> json, string name)
    {
        try
        {
            if (json.Span.StartsWith("\uFEFF"u8))
                json = json[3..];
            RequireUtf8(json.Span);
            using var document = JsonDocument.Parse(json);
            return new HfTokenizer(new ConfigNode(document.RootElement, "$"));
        }
        catch (TokenizerFormatException e)
        {
            throw new TokenizerFormatException($"{name}: {e.Message}", e);
        }
        catch (JsonException e)
        {
            throw new TokenizerFormatException(
                $"{name} is not valid JSON at line {e.LineNumber + 1}, byte {e.BytePositionInLine + 1}; the file may be cut short. Download it again.", e);
        }
        catch (TokenizationException e)
        {
            throw new TokenizerFormatException($"{name}: an added token cannot be normalised. {e.Message}", e);
        }
    }

    /// <summary>The JSON parser lets ill-formed bytes inside strings pass until they are read.</summary>
    private static void RequireUtf8(ReadOnlySpan<byte> json)
    {
        if (Utf8.IsValid(json))
            return;
        int at = 0;
        while (Rune.DecodeFromUtf8(json[at..], out _, out int bytes) == OperationStatus.Done)
            at += bytes;
        throw new TokenizerFormatException($"byte {at + 1} is not UTF-8; the file is damaged. Download it again.");
    }

    private static string Find(string fileOrFolder)
    {
        if (!Directory.Exists(fileOrFolder))
            return fileOrFolder;
        string path = Path.Combine(fileOrFolder, "tokenizer.json");
        if (File.Exists(path))
            return path;
        return File.Exists(path + ".gz")
            ? path + ".gz"
            : throw new TokenizerFormatException($"{fileOrFolder} has no tokenizer.json.");
    }

    private static ReadOnlyMemory<byte> Read(string path)
    {
        using var file = File.OpenRead(path);
        using Stream content = path.EndsWith(".gz", StringComparison.OrdinalIgnoreCase) ? new GZipStream(file, CompressionMode.Decompress) : file;
        using var bytes = new MemoryStream(capacity: (int)Math.Min(file.Length, MaxBytes));
        var buffer = new byte[1 << 16];
        try
        {
            for (int read; (read = content.Read(buffer)) > 0;)
            {
                if (bytes.Length + read > MaxBytes)
                    throw new TokenizerFormatException($"{path} is larger than {MaxBytes >> 20} MB, which no tokenizer is.");
                bytes.Write(buffer, 0, read);
            }
        }
        catch (InvalidDataException e)
        {
            throw new TokenizerFormatException($"{path} is not a sound gzip file.", e);
        }
        return bytes.GetBuffer().AsMemory(0, (int)bytes.Length);
    }
}
