using System.Text.Json.Nodes;
using Impetus.Engine.Tests.Weights;

namespace Impetus.Engine.Tests.Embedding;

/// <summary>A fixture's folder, copied so that a test may change it.</summary>
internal sealed class CopiedFolder : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public CopiedFolder(params string[] fixture)
    {
        string from = Fixture.Path(fixture);
        foreach (string file in Directory.EnumerateFiles(from, "*", SearchOption.AllDirectories))
        {
            string to = System.IO.Path.Combine(Path, System.IO.Path.GetRelativePath(from, file));
            Directory.CreateDirectory(System.IO.Path.GetDirectoryName(to)!);
            File.Copy(file, to);
        }
    }

    public string Path => _folder.Path;

    /// <summary>Changes a JSON object in the folder.</summary>
    public void Edit(string file, Action<JsonObject> change)
    {
        string path = System.IO.Path.Combine(Path, file);
        var json = JsonNode.Parse(File.ReadAllBytes(path))!.AsObject();
        change(json);
        File.WriteAllText(path, json.ToJsonString());
    }

    public void Write(string file, string content) => File.WriteAllText(System.IO.Path.Combine(Path, file), content);

    public void Dispose() => _folder.Dispose();
}
