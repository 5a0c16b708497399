"""The GLSL of the renderer: a vertex shader for both passes, and a fragment shader for each."""

VERTEX = """
#version 330
uniform mat4 clip;
in vec3 in_position, in_normal, in_rest, in_colour, in_second, in_surface;
in float in_cut;
out vec3 position, normal, rest, colour, second;
flat out vec3 surface;
out float cut;
void main() {
    position = in_position; normal = in_normal; rest = in_rest;
    colour = in_colour; second = in_second; surface = in_surface; cut = in_cut;
    gl_Position = clip * vec4(in_position, 1.0);
}
"""

SHADOW_FRAGMENT = """
#version 330
in float cut;
void main() { if (cut < 0.0) discard; }
"""

FRAGMENT = """
#version 330
uniform mat4 to_light;
uniform sampler2DShadow shadow;
uniform vec3 light, light_colour, sky, ground, eye;
in vec3 position, normal, rest, colour, second;
flat in vec3 surface;  // pattern, its size, gloss
in float cut;
out vec4 result;

float hash(vec3 p) {
    p = fract(p * 0.1031);
    p += dot(p, p.zyx + 31.32);
    return fract((p.x + p.y) * p.z);
}

float noise(vec3 p) {
    vec3 i = floor(p), f = fract(p);
    f = f * f * (3.0 - 2.0 * f);
    vec2 o = vec2(0.0, 1.0);
    vec4 low = vec4(hash(i + o.xxx), hash(i + o.yxx), hash(i + o.xyx), hash(i + o.yyx));
    vec4 high = vec4(hash(i + o.xxy), hash(i + o.yxy), hash(i + o.xyy), hash(i + o.yyy));
    vec4 face = mix(low, high, f.z);
    vec2 edge = mix(face.xz, face.yw, f.x);
    return mix(edge.x, edge.y, f.y);
}

float blend() {
    vec3 p = rest / surface.y;
    int pattern = int(surface.x + 0.5);
    if (pattern == 1) return step(0.5, fract(p.y));
    if (pattern == 2) return step(0.5, fract(p.x));
    if (pattern == 3) return 0.5 * (step(0.5, fract(p.x)) + step(0.5, fract(p.y)));
    if (pattern == 4) return smoothstep(0.45, 0.6, noise(p));
    if (pattern == 5) return noise(p * vec3(1.0, 0.15, 1.0));
    float plank = hash(floor(vec3(p.x, 0.0, 0.0)));
    if (pattern == 6) return 0.6 * plank + 0.4 * noise(p * vec3(6.0, 1.0, 0.7));
    return 0.0;
}

float lit() {
    vec4 at = to_light * vec4(position + 0.012 * normalize(normal), 1.0);
    vec3 map = 0.5 * at.xyz + 0.5;
    if (any(lessThan(map, vec3(0.0))) || any(greaterThan(map, vec3(1.0)))) return 1.0;
    float sum = 0.0;
    for (int x = -1; x <= 1; x += 2)
        for (int y = -1; y <= 1; y += 2)
            sum += texture(shadow, vec3(map.xy + vec2(x, y) * 0.0012, map.z - 0.0015));
    return sum / 4.0;
}

void main() {
    if (cut < 0.0) discard;
    vec3 n = normalize(normal), view = normalize(eye - position);
    if (dot(n, view) < 0.0) n = -n;
    vec3 albedo = mix(colour, second, blend()) * (0.94 + 0.12 * noise(rest * 25.0));
    vec3 ambient = mix(ground, sky, 0.5 + 0.5 * n.y);
    float facing = max(dot(n, light), 0.0) * lit();
    float shine = surface.z * pow(max(dot(n, normalize(light + view)), 0.0), 24.0) * facing;
    vec3 shade = albedo * (ambient + light_colour * facing) + light_colour * shine;
    result = vec4(pow(clamp(shade, 0.0, 1.0), vec3(1.0 / 2.2)), 1.0);
}
"""
