using System.IO.Compression;
using System.Text.Json;

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

    private static byte[] Read(string path)
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
        return bytes.ToArray();
    }
}
