namespace Impetus.Retrieval.Reading.PlainText;

/// <summary>Programming languages by the names of their files.</summary>
internal static class SourceLanguages
{
    private static readonly Dictionary<string, string> ByExtension = new(StringComparer.OrdinalIgnoreCase)
    {
        [".c"] = "c", [".h"] = "c", [".cc"] = "cpp", [".cpp"] = "cpp", [".cxx"] = "cpp", [".hh"] = "cpp", [".hpp"] = "cpp", [".hxx"] = "cpp",
        [".cs"] = "csharp", [".csx"] = "csharp", [".fs"] = "fsharp", [".fsx"] = "fsharp", [".vb"] = "vb",
        [".py"] = "python", [".pyi"] = "python", [".rb"] = "ruby", [".pl"] = "perl", [".pm"] = "perl", [".lua"] = "lua", [".r"] = "r", [".jl"] = "julia",
        [".js"] = "javascript", [".mjs"] = "javascript", [".cjs"] = "javascript", [".jsx"] = "javascript",
        [".ts"] = "typescript", [".mts"] = "typescript", [".tsx"] = "typescript", [".vue"] = "vue", [".svelte"] = "svelte",
        [".java"] = "java", [".kt"] = "kotlin", [".kts"] = "kotlin", [".scala"] = "scala", [".groovy"] = "groovy", [".clj"] = "clojure",
        [".go"] = "go", [".rs"] = "rust", [".zig"] = "zig", [".nim"] = "nim", [".d"] = "d", [".swift"] = "swift", [".m"] = "objective-c", [".mm"] = "objective-c",
        [".hs"] = "haskell", [".ml"] = "ocaml", [".mli"] = "ocaml", [".ex"] = "elixir", [".exs"] = "elixir", [".erl"] = "erlang", [".lisp"] = "lisp", [".el"] = "lisp", [".scm"] = "scheme",
        [".php"] = "php", [".dart"] = "dart", [".sh"] = "shell", [".bash"] = "shell", [".zsh"] = "shell", [".fish"] = "shell", [".ps1"] = "powershell", [".bat"] = "batch", [".cmd"] = "batch",
        [".sql"] = "sql", [".graphql"] = "graphql", [".proto"] = "protobuf", [".css"] = "css", [".scss"] = "scss", [".less"] = "less",
        [".yaml"] = "yaml", [".yml"] = "yaml", [".toml"] = "toml", [".ini"] = "ini", [".cfg"] = "ini", [".conf"] = "ini", [".properties"] = "properties",
        [".cmake"] = "cmake", [".gradle"] = "gradle", [".tf"] = "terraform", [".asm"] = "assembly", [".s"] = "assembly", [".metal"] = "metal", [".cu"] = "cuda", [".glsl"] = "glsl",
        [".tex"] = "latex", [".bib"] = "bibtex", [".diff"] = "diff", [".patch"] = "diff",
    };

    private static readonly Dictionary<string, string> ByName = new(StringComparer.OrdinalIgnoreCase)
    {
        ["Makefile"] = "make", ["Dockerfile"] = "dockerfile", ["CMakeLists.txt"] = "cmake", ["Gemfile"] = "ruby", ["Rakefile"] = "ruby", ["Justfile"] = "make",
    };

    /// <summary>The language's lower-case name, or null when the name is no source file's.</summary>
    public static string? FromName(string fileName) =>
        ByName.TryGetValue(Path.GetFileName(fileName), out string? language) || ByExtension.TryGetValue(Path.GetExtension(fileName), out language) ? language : null;
}
